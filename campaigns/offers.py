"""What campaigns offer to readers of the newsletter: a Week of Action to register for, and what the last one did."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Registration, Report, WeekOfAction, WeekTask
from campaigns.reports import moderating
from csan.lib.offers import Act, Offer

LOOKED_BACK = timedelta(days=120)  # after a week's last day


def offered(since: datetime | None, on: date) -> Iterator[Offer]:
    """Every week that is open for registration on that day, with the days that are left then."""
    for week in WeekOfAction.objects.open().filter(register_by__gte=on):
        heading, words = {}, {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                heading[language] = str(week.local_theme)
                words[language] = _closing(week, (week.register_by - on).days)
        with translation.override(settings.LANGUAGE_CODE):
            yield Offer(key_of(week), heading, words, week.get_absolute_url(), undone=key_of(week))


def looked_back(since: datetime | None, on: date) -> Iterator[Offer]:
    """What a week did that is over by then: once, and again where the wall has grown since the last issue."""
    for week in WeekOfAction.objects.public().filter(ends_on__lt=on, ends_on__gte=on - LOOKED_BACK):
        shown = moderating.shown(week)
        newest = shown.aggregate(words=Max("approved_at"), photos=Max("photos__approved_at"))
        newest_at = max((at for at in newest.values() if at), default=None)
        if newest_at is None or (since and newest_at <= since):
            continue
        rows = list(shown.prefetch_related("tasks__task"))
        heading, words = {}, {}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                heading[language] = _("What locals did, Week of Action %(year)s") % {"year": week.year}
                words[language] = _did(rows)
        with translation.override(settings.LANGUAGE_CODE):
            yield Offer(f"wall:{week.year}", heading, words, reverse("campaigns:wall", args=[week.year]))


def _did(rows: list[Report]) -> str:
    """The numbers that the wall shows, in one paragraph."""
    read = [row for row in rows if row.approved_at]
    people = sum(row.headcount or 0 for row in read)
    parts = [
        ngettext(
            "%(count)s local has told us about its week.", "%(count)s locals have told us about their week.", len(rows)
        )
        % {"count": _grouped(len(rows))}
    ]
    if people:
        parts.append(_("%(people)s people took part.") % {"people": _grouped(people)})
    sums: dict[WeekTask, int] = {}
    for told in (told for row in read for told in row.tasks.all() if told.was_done and told.number):
        sums[told.task] = sums.get(told.task, 0) + (told.number or 0)
    in_order = sorted(sums, key=lambda task: (task.position, task.pk))
    parts += [f"{task.local_title}: {_grouped(sums[task])}." for task in in_order]
    parts.append(_("See their words and photos on the wall."))
    return " ".join(parts)


def _grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def acts() -> Iterator[Act]:
    """Registering a local. Whoever did it for theirs has done it."""
    for week in WeekOfAction.objects.public():
        label = _("register a local for the Week of Action %(year)s") % {"year": week.year}
        yield Act(key_of(week), label, partial(registered, week.pk))


def registered(pk: int) -> QuerySet[Registration]:
    """The living registrations of a week; each has its contact's `email_key`."""
    return Registration.objects.living().filter(week=pk)


def key_of(week: WeekOfAction) -> str:
    """The name of its act, as staff see it in the composer."""
    return f"week:{week.year}"


def _closing(week: WeekOfAction, days: int) -> str:
    day = date_format(week.register_by, "MONTH_DAY_FORMAT")
    if days == 0:
        closes = _("Registration closes today, %(day)s.") % {"day": day}
    else:
        closes = ngettext(
            "Registration closes in %(days)s day, on %(day)s.",
            "Registration closes in %(days)s days, on %(day)s.",
            days,
        ) % {"days": days, "day": day}
    ask = _("Sign your local up for the Week of Action, and we send you a box.")
    return f"{closes} {ask}"
