"""Calls to locals: planned for a day, made once, with a note and perhaps a day on which to call again."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.desk.attention import REASONS
from campaigns.models import Call, Registration
from csan.lib import audit

# What a call can be about besides the reasons of the queue, and how it begins.
OTHERS = {
    "late": ("the box may come too late", "Your box may arrive late. Who can take it, and until which hour?"),
    "report": ("no report yet", "How did the week go? I can fill in your report with you in three minutes."),
    "other": ("something else", ""),
}


class AlreadyMade(Exception):
    """Somebody has made this call."""


def subjects() -> list[tuple[str, str]]:
    """What a call can be about: code and words."""
    return [*((code, reason.words) for code, reason in REASONS.items()), *((c, w) for c, (w, _) in OTHERS.items())]


def words(about: str) -> str:
    """What the call is about, in words; the code itself where it is not known any more."""
    return dict(subjects()).get(about, about)


def script(about: str) -> str:
    """How the call begins; nothing where nothing is known."""
    return REASONS[about].script if about in REASONS else OTHERS.get(about, ("", ""))[1]


def to_make(calls: QuerySet[Call], on: date) -> QuerySet[Call]:
    """Those of the calls that are due by this day, the oldest first."""
    due = calls.filter(made_at=None, due_on__lte=on, registration__status__in=Registration.LIVING)
    return due.select_related("registration__local", "registration__week", "by").order_by("due_on", "pk")


def made_on(calls: QuerySet[Call], on: date) -> QuerySet[Call]:
    """Those that were made on this day, the newest first."""
    made = calls.filter(made_at__date=on)
    return made.select_related("registration__local", "registration__week", "by").order_by("-made_at", "-pk")


@transaction.atomic
def plan_call(*, registration: Registration, about: str, due_on: date, by: User, note: str = "") -> Call:
    """A call to be made. Where one about the same is planned already, that one, which keeps its day and note."""
    call, is_new = Call.objects.get_or_create(
        registration=registration, about=about, made_at=None, defaults={"due_on": due_on, "note": note, "by": by}
    )
    if is_new:
        audit.record(by=by, objects=[registration], did="Planned a call", about=about, day=due_on)
    return call


@transaction.atomic
def note_call(*, call: Call, note: str, by: User, again_on: date | None = None) -> Call:
    """The call was made, and what was said; perhaps another is to follow. Raises AlreadyMade."""
    made = Call.objects.filter(pk=call.pk, made_at=None).update(made_at=timezone.now(), note=note, by=by)
    if not made:
        raise AlreadyMade
    call.refresh_from_db()
    audit.record(by=by, objects=[call.registration], did="Called", about=call.about)
    if again_on:
        plan_call(registration=call.registration, about=call.about, due_on=again_on, by=by)
    return call
