"""Trends: which domains and networks an hour's signatures came from, what is usual, and who hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from members.models import Local, Message
from petitions.fraud import trending
from petitions.models import AllowedNetwork, FraudLimits, FraudMark, Trend
from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions.factories import EvidenceFactory, PetitionFactory, SignatureFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def few(db):
    FraudLimits.objects.create(trend_limit=5, trend_factor=3)


def come(count, *, petition, at=NOON, domain="new.example", **changes):
    for number in range(count):
        row = SignatureFactory(petition=petition)
        EvidenceFactory(signature=row, signed_at=at + timedelta(seconds=number), mail_domain=domain, **changes)


def found():
    return list(Trend.objects.order_by("hour", "kind", "value").values_list("kind", "value", "count", "is_remarkable"))


@pytest.fixture
def petition():
    return PetitionFactory(opens_at=NOON - timedelta(days=30))


def test_an_hour_is_counted_by_domain_and_network(petition):
    come(5, petition=petition, address="198.51.100.7")
    come(2, petition=petition, domain="rare.example")
    come(5, petition=petition, at=NOON + timedelta(hours=1), domain="later.example")
    remarkable = trending.count_hour(NOON)
    assert [(trend.kind, trend.value, trend.count, trend.usual) for trend in remarkable] == [
        ("domain", "new.example", 5, 0.0),
        ("network", remarkable[1].value, 5, 0.0),
    ]
    assert remarkable[1].network == "198.51.100.7"
    assert len(found()) == 2


def test_what_is_usual_stands_beside_it_and_is_not_remarkable(petition):
    for days in range(1, 8):
        Trend.objects.create(
            petition=petition, kind="domain", value="new.example", hour=NOON - timedelta(days=days), count=72
        )
    come(8, petition=petition)
    assert trending.count_hour(NOON) == []
    today = Trend.objects.get(hour=NOON)
    assert (today.count, today.usual, today.is_remarkable) == (8, 3.0, False)
    come(1, petition=petition, at=NOON + timedelta(minutes=30))
    assert [trend.count for trend in trending.count_hour(NOON)] == [9]


def test_public_mailboxes_and_allowed_networks_are_counted_but_not_remarkable(petition):
    local = Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")
    AllowedNetwork.objects.create(local=local, network="198.51.100.0/24", label="hall")
    come(9, petition=petition, domain="gmail.com", address="198.51.100.7")
    assert trending.count_hour(NOON) == []
    assert [(kind, count) for kind, _, count, _ in found()] == [("domain", 9), ("network", 9)]


def test_hours_are_counted_once_they_are_over_each_once(petition):
    come(5, petition=petition)
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        assert trending.watch_trends() == 0
    with time_machine.travel(NOON + timedelta(hours=3, minutes=5), tick=False):
        assert trending.watch_trends() == 3
        assert trending.watch_trends() == 0
    assert FraudMark.objects.get(name="trended").at == NOON + timedelta(hours=3)
    assert found() == [("domain", "new.example", 5, True)]
    with time_machine.travel(NOON + timedelta(days=91), tick=False):
        trending.watch_trends()
    assert found() == []


def test_reviewers_get_one_letter_a_day(petition, mailbox, caplog):
    reviewer, _ = permitted("review_fraud"), permitted("review_signature")
    superuser = StaffFactory()
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        come(5, petition=petition, address="198.51.100.7")
        trending.count_hour(NOON)
        trending.count_hour(NOON)
        come(5, petition=petition, at=NOON + timedelta(hours=1))
        trending.count_hour(NOON + timedelta(hours=1))
        assert sorted(Message.objects.values_list("to", flat=True)) == sorted([reviewer.email, superuser.email])
        letter = mailbox.send_and_read()[0]
    with time_machine.travel(NOON + timedelta(days=1, hours=2), tick=False):
        come(5, petition=petition, at=NOON + timedelta(days=1))
        trending.count_hour(NOON + timedelta(days=1))
    assert Message.objects.count() == 4
    assert letter["Subject"] == "Many signatures come from one place"
    text = letter.get_body(("plain",)).get_content()
    assert f"“{petition.slug}”: 5 signatures within an hour from the mail domain new.example; 0.0 are usual." in text
    assert "198.51.100.7" not in text + caplog.text
    assert "Trending on petition" in caplog.text
