"""Source codes: where visitors come from, told by the address they followed and by no cookie."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.people import Local


class SourceCode(models.Model):
    """A short code on a poster, a box item, a sign-up sheet or another site, and the page that its link goes to.

    Its link is /go/<code>/. What is done on that page afterwards is credited to the code, and to its local.
    """

    class Kind(models.TextChoices):
        POSTER = "poster", "a poster or flyer"
        BOX_ITEM = "box-item", "an item in a Week of Action box"
        SHEET = "sheet", "a sign-up sheet"
        EVENT = "event", "an event or union hall"
        SITE = "site", "another website"
        POST = "post", "a post on social media"

    code = models.SlugField(max_length=20, unique=True, help_text="Short; stands in the printed address.")
    kind = models.CharField(max_length=8, choices=Kind)
    label = models.CharField(max_length=100, help_text="For staff: what it is, and where it hangs.")
    local = models.ForeignKey(
        Local, on_delete=models.SET_NULL, null=True, blank=True, related_name="source_codes",
        help_text="Who is credited with what comes of it.",
    )  # fmt: skip
    path = models.CharField(max_length=200, help_text="The page of this site it goes to, such as /petitions/jobs/.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z0-9-]+$"), name="members_sourcecode_code"),
            # What begins so are the codes that signers pass on, which are made and not kept (petitions.friends).
            models.CheckConstraint(condition=~Q(code__startswith="f-"), name="members_sourcecode_no_friend"),
            models.CheckConstraint(
                condition=Q(kind__in=["poster", "box-item", "sheet", "event", "site", "post"]),
                name="members_sourcecode_kind",
            ),
            # A page of this site and nothing else, or our own address would send people anywhere.
            models.CheckConstraint(condition=Q(path__regex=r"^/([^/\\]|$)"), name="members_sourcecode_path"),
        ]

    def __str__(self) -> str:
        return self.code
