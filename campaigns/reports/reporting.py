"""What a local tells after the week, answer by answer; what the public may see of it; what was used of each item.

Each answer is saved by itself: a telephone may go dark, and an officer's break may end.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from campaigns.emails import report_letters
from campaigns.models import BoxLine, Item, ItemReport, Registration, Report, TaskReport, WeekOfAction, WeekTask
from campaigns.models.boxes import Box
from campaigns.reports import moderating

REMINDERS = (1, 5, 12)  # days after the week's last day
STILL = 2  # days that a reminder may come late, where nobody worked meanwhile


class NotTakingPart(Exception):
    """The registration is not approved."""


class TooEarly(Exception):
    """The week has not begun."""


class Moderated(Exception):
    """Staff have looked at it, so it stands as it is."""


class NotEnough(Exception):
    """Not even whether the local took part is answered."""


def can_report(registration: Registration) -> bool:
    """Whether the local may answer now."""
    has_begun = registration.week.starts_on <= timezone.localdate()
    return registration.status == Registration.Status.APPROVED and has_begun


def report_of(registration: Registration) -> Report:
    """What was told so far; a row that is not kept yet where nothing was."""
    return Report.objects.filter(registration=registration).first() or Report(registration=registration)


@transaction.atomic
def tell_took_part(*, registration: Registration, took_part: bool) -> Report:
    """The only answer that must be given. Raises NotTakingPart, TooEarly, Moderated, as all below."""
    return _save(registration, took_part=took_part)


@transaction.atomic
def tell_headcount(*, registration: Registration, headcount: int | None) -> Report:
    """How many people took part; None where nobody counted."""
    return _save(registration, headcount=headcount)


@transaction.atomic
def tell_words(*, registration: Registration, sentence: str, may_be_shown: bool) -> Report:
    """How it was, in one sentence, and whether the local wants to be on the public wall.

    Where it does not, photos that were on it already are taken off.
    """
    report = _save(registration, sentence=sentence, may_be_shown=may_be_shown)
    if not may_be_shown:
        moderating.take_photos_off(Report.objects.filter(pk=report.pk))
    return report


@transaction.atomic
def tell_task(
    *, registration: Registration, task: WeekTask, was_done: bool, number: int | None = None, evidence: str = ""
) -> TaskReport:
    """Whether a task was done, and what shows it. The task is one of the week's."""
    report = _save(registration)
    told = {"was_done": was_done, "number": number if was_done else None, "evidence": evidence if was_done else ""}
    row, _ = TaskReport.objects.update_or_create(report=report, task=task, defaults=told)
    return row


@transaction.atomic
def tell_items(*, registration: Registration, told: dict[int, tuple[int, int]]) -> Report:
    """What was left over of each item, or how many were too few, by the item's number."""
    report = _save(registration)
    sent = {line.item_id for line in lines_of(registration)}
    for pk, (left_over, short) in told.items():
        if pk in sent:
            numbers = {"left_over": 0 if short else left_over, "short": short}
            ItemReport.objects.update_or_create(report=report, item_id=pk, defaults=numbers)
    return report


@transaction.atomic
def finish(*, registration: Registration) -> Report:
    """That is all: the local is thanked, once. It can still be corrected until staff have looked. Raises NotEnough."""
    report = _save(registration)
    if report.took_part is None:
        raise NotEnough
    if Report.objects.filter(pk=report.pk, finished_at=None).update(finished_at=timezone.now()):
        report_letters.thank_you(registration)
    report.refresh_from_db()
    return report


def hold(registration: Registration) -> Report:
    """The report, which nobody else changes until the transaction ends. Raises what `tell_took_part` does.

    The registration is held, so that two who answer at once write one after the other, and into one report.
    """
    held = Registration.objects.select_for_update(of=("self",)).select_related("week").get(pk=registration.pk)
    if held.status != Registration.Status.APPROVED:
        raise NotTakingPart
    if not can_report(held):
        raise TooEarly
    Report.objects.get_or_create(registration=held)
    report = Report.objects.select_for_update().get(registration=held)  # staff may be reading it just now
    if report.approved_at:
        raise Moderated
    return report


def _save(registration: Registration, **answers: object) -> Report:
    """What staff have hidden is looked at anew once it was changed."""
    report = hold(registration)
    answers |= {"changed_at": timezone.now(), "hidden_at": None}
    for name, value in answers.items():
        setattr(report, name, value)
    report.save(update_fields=list(answers))
    return report


def lines_of(registration: Registration) -> QuerySet[BoxLine]:
    """What was in the boxes that reached the local."""
    arrived = BoxLine.objects.filter(box__registration=registration, box__status__in=Box.UNDER_WAY)
    return arrived.select_related("item").order_by("item__sku", "pk")


def remind() -> int:
    """Write to those who have not told us how it was: a day, five and twelve days after the week. How many letters.

    Each reminder once, none after the report, none to who withdrew, and none weeks late.
    """
    written = 0
    today = timezone.localdate()
    for days in REMINDERS:
        ended = [today - timedelta(days=days + late) for late in range(STILL + 1)]
        waiting = Registration.objects.filter(week__ends_on__in=ended, status=Registration.Status.APPROVED).exclude(
            report__finished_at__isnull=False
        )
        for registration in waiting.select_related("week", "local").order_by("pk").iterator():
            written += report_letters.remind(registration, days)
    return written


@dataclass(frozen=True)
class Use:
    """Of an item, by those who told us: how many they were sent, had left over, and had too few of."""

    sent: int
    left_over: int
    short: int
    locals_: int

    @property
    def used(self) -> int:
        """How many were used."""
        return self.sent - self.left_over


def used(week: WeekOfAction, *, among: QuerySet[Registration] | None = None) -> dict[Item, Use]:
    """What was used of each item, by the locals that told us about it, or by some of them."""
    told = ItemReport.objects.filter(report__registration__week=week, report__finished_at__isnull=False)
    if among is not None:
        told = told.filter(report__registration__in=among)
    rows = list(told.select_related("item", "report"))
    own = {(row.report.registration_id, row.item_id) for row in rows}
    sent: defaultdict[int, int] = defaultdict(int)
    lines = BoxLine.objects.filter(box__registration__week=week, box__status__in=Box.UNDER_WAY)
    sums = lines.values_list("box__registration", "item").annotate(sum=Sum("quantity"))
    for registration, item, number in sums:
        if (registration, item) in own:
            sent[item] += number
    found = {}
    for item in {row.item for row in rows}:
        mine = [row for row in rows if row.item_id == item.pk]
        left_over, short = sum(row.left_over for row in mine), sum(row.short for row in mine)
        found[item] = Use(sent[item.pk], left_over, short, len(mine))
    return found
