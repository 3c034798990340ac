"""Whether a number of members fits what we know of a local: asked about gently, and never a reason to refuse."""

from campaigns.models import Registration
from members.models import Local

OFF = 1.25  # times last year's number, or the local's size: more is asked about
FELL = 0.5  # of last year's number: less is


def is_far(affiliate: str, number: str, *, year: int, members: int) -> bool:
    """Whether it is far from the last week's number, or beyond the size of the local. False where we know neither."""
    local = Local.objects.filter(affiliate=affiliate, number=number).first()
    if local is None:
        return False
    approved = Registration.objects.filter(local=local, week__year__lt=year, status=Registration.Status.APPROVED)
    last = approved.order_by("-week__year").values_list("members_count", flat=True).first()
    if last and not last * FELL <= members <= last * OFF:
        return True
    return local.size is not None and members > local.size * OFF
