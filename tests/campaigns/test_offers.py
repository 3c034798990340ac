"""What campaigns offer to the newsletter: the days that are left to register, on the day on which people read it."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.offers import looked_back, offered
from campaigns.reports import moderating, reporting
from csan.lib import offers
from members.models import IssueItem
from members.newsletter import readership
from tests.campaigns.factories import RegistrationFactory, WeekFactory, WeekTaskFactory, day
from tests.members.factories import PersonFactory, StaffFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db
ASK = "Sign your local up for the Week of Action, and we send you a box."


@pytest.mark.parametrize(
    ("left", "english", "spanish"),
    [
        (12, "Registration closes in 12 days, on October 1.", "La inscripción cierra en 12 días, el 1 de octubre."),
        (1, "Registration closes in 1 day, on October 1.", "La inscripción cierra en 1 día, el 1 de octubre."),
        (0, "Registration closes today, October 1.", "La inscripción cierra hoy, 1 de octubre."),
    ],
)
def test_an_offer_counts_the_days_from_when_it_is_read(left, english, spanish):
    closes = date(2026, 10, 1)
    with time_machine.travel("2026-09-10T15:00Z", tick=False):
        WeekFactory(
            year=2026, theme="Good jobs", theme_es="Buenos empleos", register_by=closes, freeze_on=date(2026, 10, 2),
            ship_by=date(2026, 10, 3), starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 18),
            report_by=date(2026, 11, 18), published_at="2026-01-01T12:00Z",
        )  # fmt: skip
        [offer] = offered(None, closes - timedelta(days=left))
    assert offer.words["en"] == f"{english} {ASK}"
    assert offer.words["es"].startswith(spanish)
    assert (offer.heading, offer.url, offer.undone) == (
        {"en": "Good jobs", "es": "Buenos empleos"}, "/week-of-action/2026/", "week:2026",
    )  # fmt: skip


def test_a_week_that_is_closed_by_then_or_not_shown_is_not_offered():
    WeekFactory(register_by=day(10))
    WeekFactory(published_at=None)
    assert len(list(offered(None, day(10)))) == 1
    assert list(offered(None, day(11))) == []


def test_who_has_registered_a_local_is_left_in_peace():
    week = WeekFactory()
    SubscriptionFactory(person=PersonFactory(email="officer@example.org"))
    SubscriptionFactory(person=PersonFactory(email="declined@example.org"))
    RegistrationFactory(week=week, email="officer@example.org")
    assert offers.act(f"week:{week.year}") is not None
    assert readership.reach(IssueItem(audience="undone", audience_of=f"week:{week.year}")) == 1


def told(week, **numbers):
    registration = RegistrationFactory(week=week, approved=True)
    reporting.tell_headcount(registration=registration, headcount=numbers.get("people"))
    reporting.tell_task(registration=registration, task=week.tasks.get(), was_done=True, number=numbers.get("number"))
    report = reporting.tell_words(registration=registration, sentence="Good.", may_be_shown=True)
    return moderating.approve(report=report, by=StaffFactory())


def test_what_a_week_did_is_offered_once_it_is_over_and_again_where_the_wall_has_grown():
    week = WeekFactory(
        year=2025, register_by=day(-40), freeze_on=day(-35), ship_by=day(-20), starts_on=day(-8), ends_on=day(-1),
        report_by=day(20),
    )  # fmt: skip
    WeekTaskFactory(week=week, code="drive", title="Petition drive", title_es="Jornada de firmas")
    today = timezone.localdate()
    assert list(looked_back(None, today)) == []
    first = told(week, people=40, number=1200)
    told(week, people=2)
    [offer] = looked_back(None, today)
    assert (offer.key, offer.url, offer.undone) == ("wall:2025", "/week-of-action/2025/wall/", "")
    assert offer.heading["en"] == "What locals did, Week of Action 2025"
    assert offer.words["en"] == (
        "2 locals have told us about their week. 42 people took part. Petition drive: 1,200. "
        "See their words and photos on the wall."
    )
    assert "Jornada de firmas: 1" in offer.words["es"]
    assert offer in offers.all_offers(since=None, on=today)
    assert len(list(looked_back(first.approved_at, today))) == 1
    assert list(looked_back(timezone.now(), today)) == []
    assert list(looked_back(None, week.ends_on)) == []
    assert list(looked_back(None, today + timedelta(days=121))) == []
