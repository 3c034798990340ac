"""Where a local stands, step by step, and what is in its boxes and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Allocation, Box, BoxLine, Item, Registration, Wave
from campaigns.models.reasons import in_readers_language


@dataclass(frozen=True)
class Stage:
    """A step of a registration. `day` is when it was done, or by when it will be."""

    label: str
    is_over: bool
    day: date | None = None
    last_day: date | None = None
    is_next: bool = False


@dataclass(frozen=True)
class Content:
    """So many of a thing for the local, and why as many."""

    item: Item
    quantity: int
    reason: str

    @property
    def local_reason(self) -> str:
        """Why as many, in the reader's language."""
        return in_readers_language(self.reason)


def boxes_of(registration: Registration) -> list[Box]:
    """The boxes that stand for what the local gets, or that went astray; with what is in them and what was said."""
    lines = BoxLine.objects.select_related("item__print_twin").order_by("pk")
    boxes = registration.boxes.exclude(status=Box.Status.CANCELLED).select_related("place", "arrival")
    return list(boxes.prefetch_related(Prefetch("lines", lines), "owed__item").order_by("pk"))


def stages(registration: Registration, boxes: Sequence[Box]) -> list[Stage]:
    """Every step in its order; the first that is not done is the next one. None for who takes no part."""
    if not registration.is_living:
        return []
    week, today = registration.week, timezone.localdate()
    living = [box for box in boxes if box.status in Box.LIVING]
    left = _all_since(living, "shipped_at")
    here = _all_since(living, "delivered_at")
    is_packed = bool(living) and all(box.status != Box.Status.PLANNED for box in living)
    accepted = registration.approved_at
    found = [
        Stage(_("You registered"), True, timezone.localdate(registration.created_at)),
        Stage(_("We accept your registration"), bool(accepted), accepted and timezone.localdate(accepted)),
        Stage(_("Last day to change it"), registration.is_frozen or bool(left), registration.freezes_on),
        Stage(_("Your box is packed"), is_packed),
        Stage(_("Your box is on its way"), bool(left), left or week.ship_by),
        Stage(_("Your box is with you"), bool(here), here),
        Stage(_("Week of Action"), today > week.ends_on, week.starts_on, week.ends_on),
        Stage(_("Last day to tell us how it went"), today > week.report_by, week.report_by),
    ]
    following = next((at for at, stage in enumerate(found) if not stage.is_over), None)
    return [replace(stage, is_next=at == following) for at, stage in enumerate(found)]


def _all_since(boxes: Sequence[Box], moment: str) -> date | None:
    """The day on which the last of the boxes was there; None as long as one was not."""
    days = [getattr(box, moment) for box in boxes]
    return timezone.localdate(max(days)) if days and all(days) else None


def planned(registration: Registration, boxes: Sequence[Box]) -> list[Content]:
    """What has been set aside for the local, as long as it is in no box yet."""
    if any(box.lines.all() for box in boxes):
        return []
    set_aside = Allocation.objects.filter(
        place__registration=registration, given__gt=0, wave__status__in=(Wave.Status.ALLOCATED, Wave.Status.FROZEN)
    )
    rows = set_aside.select_related("item__print_twin").order_by("pk")
    return [Content(row.item, row.given, row.reason) for row in rows]
