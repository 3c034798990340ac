"""What campaigns offer to the newsletter: the days that are left to register, on the day on which people read it."""

from datetime import date, timedelta

import pytest
import time_machine

from campaigns.offers import offered
from csan.lib import offers
from members.models import IssueItem
from members.newsletter import readership
from tests.campaigns.factories import RegistrationFactory, WeekFactory, day
from tests.members.factories import PersonFactory, SubscriptionFactory

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
