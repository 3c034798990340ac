"""Items for some readers: who sees what, how many, and the letters that makes."""

import pytest
from django.utils import timezone

from csan.lib import offers
from members import newsletter
from members.models import PUBLIC, IssueItem, Message, Person, Rendition
from members.newsletter import audiences
from members.newsletter.contents import items_of
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    LocalFactory,
    SubscriptionFactory,
    SuppressionFactory,
)
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db


def block(issue, audience, of, heading="For some"):
    return IssueItemFactory(issue=issue, post=None, heading=heading, audience=audience, audience_of=of)


def who_sees(item):
    seen = audiences.readers(items_of(item.issue)).filter(variant=1)
    return set(seen.values_list("person__given_name", flat=True))


@pytest.fixture
def people():
    locals_ = {number: LocalFactory(number=number, district="3", state="TX") for number in ("6215", "3640")}
    other = LocalFactory(number="1101", district="1", state="NY")
    return [
        SubscriptionFactory(person__given_name="Ada", person__local=locals_["6215"], person__employer="AT&T"),
        SubscriptionFactory(person__given_name="Bea", person__local=other, person__zip_code="75201"),
        SubscriptionFactory(person__given_name="Cyd", person__local=locals_["3640"], person__zip_code="10001-1234"),
        SubscriptionFactory(person__given_name="Dov", person__employer="at&t"),
    ]


@pytest.mark.parametrize(
    ("audience", "of", "expected"),
    [
        ("local", "6215, 1101", {"Ada", "Bea"}),
        ("district", "3", {"Ada", "Cyd"}),
        ("employer", "AT&T", {"Ada", "Dov"}),
        ("state", "TX", {"Ada", "Bea"}),
        ("state", "ny", {"Cyd"}),
    ],
)
def test_who_sees_it(people, audience, of, expected):
    assert who_sees(block(IssueFactory(), audience, of)) == expected


def test_those_who_have_not_yet(people, monkeypatch):
    done = people[0].person
    act = offers.Act("petition:good-jobs", "signed", lambda: Person.objects.filter(pk=done.pk))
    monkeypatch.setattr(offers, "_acts", [lambda: [act]])
    assert who_sees(block(IssueFactory(), "undone", "petition:good-jobs")) == {"Bea", "Cyd", "Dov"}


@pytest.mark.parametrize(("audience", "of"), [("state", "Texas"), ("undone", "petition:none")])
def test_an_audience_that_is_none_says_so(audience, of):
    item = block(IssueFactory(), audience, of)
    with pytest.raises(newsletter.UnknownAudience, match=of):
        audiences.variants(items_of(item.issue))


def test_the_matrix_counts_each_group_of_readers(people):
    issue = IssueFactory()
    block(issue, "district", "3", "District 3")
    block(issue, "employer", "AT&T", "AT&T")
    SuppressionFactory(email_key=people[2].person.email_key)
    Person.objects.filter(given_name="Dov").update(language="es")
    found = audiences.variants(items_of(issue))
    assert {(each.language, each.variant, tuple(each.sees), each.readers) for each in found} == {
        ("en", "3", (True, True), 1),
        ("en", "0", (False, False), 1),
        ("es", "2", (False, True), 1),
    }


def test_each_reader_gets_their_part_and_no_other(people, mailbox):
    issue = IssueFactory()
    block(issue, "district", "3", "District three meets")
    block(issue, "employer", "AT&T", "Bargaining at AT&T")
    frozen = send_issue(issue=issue)
    for letter in mailbox.send_and_read():
        name = Message.objects.get(to=letter["To"], issue=frozen).subscription.person.given_name
        for kind in ("plain", "html"):
            body = letter.get_body((kind,)).get_content()
            assert ("District three meets" in body) == (name in ("Ada", "Cyd"))
            assert ("Bargaining at AT" in body) == (name in ("Ada", "Dov"))


def test_the_archive_shows_what_everybody_sees(people, client):
    issue = IssueFactory(number=9)
    block(issue, "district", "3", "District three meets")
    IssueItemFactory(issue=issue, post=None, heading="For all of us")
    send_issue(issue=issue)
    page = client.get("/newsletter/9/").content.decode()
    assert "For all of us" in page
    assert "District three meets" not in page


def test_there_is_a_letter_for_each_group_that_exists_and_no_more(people):
    issue = IssueFactory()
    block(issue, "local", "9999")
    block(issue, "district", "3")
    send_issue(issue=issue)
    made = set(Rendition.objects.filter(is_test=False).values_list("language", "variant"))
    assert made == {("en", "0"), ("en", "2"), ("es", "0"), ("en", PUBLIC), ("es", PUBLIC)}


def test_who_moved_between_looking_and_freezing_gets_the_plain_letter(people, monkeypatch):
    issue = IssueFactory()
    block(issue, "district", "3")
    monkeypatch.setattr(audiences, "needed", lambda items: [("en", "0")])
    frozen = send_issue(issue=issue)
    assert frozen.candidates == 4
    assert set(Message.objects.values_list("rendition__variant", flat=True)) == {"0"}


def test_more_items_for_some_than_anybody_could_look_over_are_refused(people):
    issue = IssueFactory(status="scheduled", scheduled_for=timezone.now())
    for number in range(audiences.MOST_FOR_SOME + 1):
        block(issue, "local", str(number))
    with pytest.raises(newsletter.TooManyVariants):
        newsletter.freeze_issue(issue=issue)
    assert Message.objects.count() == 0


def test_what_is_dropped_divides_nobody(people):
    issue = IssueFactory()
    item = block(issue, "district", "3")
    IssueItem.objects.filter(pk=item.pk).update(is_dropped=True)
    assert [(each.variant, each.readers) for each in audiences.variants(items_of(issue))] == [("0", 4)]
