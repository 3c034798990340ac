"""What campaigns offer to readers of the newsletter: a Week of Action that their local can still register for."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Registration, WeekOfAction
from csan.lib.offers import Act, Offer


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
