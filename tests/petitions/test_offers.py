"""What petitions offer to the newsletter: their count and what is new, and who has not signed yet."""

from datetime import timedelta

import pytest
from django.utils import timezone

from csan.lib import offers
from members.models import IssueItem
from members.newsletter import audiences, readership
from petitions.offers import acts, offered
from tests.members.factories import IssueItemFactory, PersonFactory, SubscriptionFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory, VersionFactory, tally

pytestmark = pytest.mark.django_db


def days(offset: int):
    """A moment so many days from now."""
    return timezone.now() + timedelta(days=offset)


def today(offset: int = 0):
    return timezone.localdate(days(offset))


@pytest.fixture
def petition():
    made = PetitionFactory(slug="save-jobs", version=None)
    VersionFactory(
        petition=made,
        title="Save jobs",
        title_es="Salvemos los empleos",
        ask="Pass the bill.",
        ask_es="Que se apruebe.",
    )
    return made


def test_an_offer_says_how_many_have_signed_and_how_many_of_them_are_new(petition):
    tally(petition, NY=3240)
    for number in range(3):
        SignatureFactory(petition=petition, confirmed_at=days(-1 - number * 20))
    SignatureFactory(petition=petition, status="withdrawn", confirmed_at=days(-1))
    [offer] = offered(days(-30), today())
    assert (offer.key, offer.url, offer.undone) == (
        "petition:save-jobs", "/petitions/save-jobs/", "petition:save-jobs",
    )  # fmt: skip
    assert offer.heading == {"en": "Save jobs", "es": "Salvemos los empleos"}
    assert offer.words == {
        "en": "3,240 signatures, 2 new. Pass the bill.",
        "es": "3,240 firmas, 2 nuevas. Que se apruebe.",
    }


@pytest.mark.parametrize(
    ("total", "new", "words"),
    [(0, 0, "Pass the bill."), (1, 1, "1 signature, 1 new. Pass the bill."), (2, 0, "2 signatures. Pass the bill.")],
)
def test_few_signatures_are_counted_as_people_say_it(petition, total, new, words):
    tally(petition, NY=total)
    SignatureFactory.create_batch(new, petition=petition)
    assert [offer.words["en"] for offer in offered(days(-1), today())] == [words]


def test_before_the_first_issue_nothing_is_called_new(petition):
    tally(petition, NY=2)
    SignatureFactory.create_batch(2, petition=petition)
    assert [offer.words["en"] for offer in offered(None, today())] == ["2 signatures. Pass the bill."]


def test_only_what_can_be_signed_when_people_read_it_is_offered(petition):
    PetitionFactory(slug="closes-before", closes_at=days(5))
    PetitionFactory(slug="closes-after", closes_at=days(30))
    PetitionFactory(slug="not-open", opens_at=days(2))
    PetitionFactory(slug="no-words", version=None)
    assert {offer.key for offer in offered(None, today(14))} == {"petition:save-jobs", "petition:closes-after"}


def test_the_newsletter_finds_offers_and_acts_in_the_registry(petition):
    assert "petition:save-jobs" in [offer.key for offer in offers.all_offers(since=None, on=today())]
    act = offers.act("petition:save-jobs")
    assert act is not None
    assert act.label == "sign “Save jobs”"


def test_an_act_of_a_petition_that_has_closed_is_still_known():
    PetitionFactory(slug="closed", closes_at=days(-1))
    assert [act.key for act in acts()] == ["petition:closed"]


def test_who_has_confirmed_does_not_see_it_any_more_in_whatever_spelling(petition):
    ana = SubscriptionFactory(person=PersonFactory(email="ana.ruiz@gmail.com"))
    for email in ("pending@example.org", "new@example.org"):
        SubscriptionFactory(person=PersonFactory(email=email))
    SignatureFactory(petition=petition, email="anaruiz+union@gmail.com")
    SignatureFactory(petition=petition, email="pending@example.org", status="pending", confirmed_at=None)
    SignatureFactory(email="new@example.org")  # another petition
    item = IssueItemFactory(post=None, heading="x", audience="undone", audience_of="petition:save-jobs")
    seen = {row.person.email: row.variant for row in audiences.readers([item]).select_related("person")}
    assert seen == {ana.person.email: 0, "pending@example.org": 1, "new@example.org": 1}
    assert readership.reach(IssueItem(audience="undone", audience_of="petition:save-jobs")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_offers_cost_the_same_for_one_petition_and_for_three(django_assert_num_queries, count):
    PetitionFactory.create_batch(count)
    with django_assert_num_queries(3):
        assert len(list(offered(days(-1), today()))) == count
