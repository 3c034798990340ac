"""A fix after sending: the archive and everybody who has not got it yet; who has it, has what they have."""

import pytest

from members import newsletter
from members.models import Issue, Message, Rendition
from tests.members.factories import IssueFactory, IssueItemFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    SubscriptionFactory(person__email="early@example.org")
    SubscriptionFactory(person__email="later@example.org")
    return send_issue(issue=IssueFactory(number=7, intro="<p>The rally is in Cleveland.</p>"))


def mend(issue):
    Issue.objects.filter(pk=issue.pk).update(intro="<p>The rally is in Toledo.</p>")
    issue.refresh_from_db()


def test_an_edit_alone_reaches_nobody(sent, client, mailbox):
    mend(sent)
    page = client.get("/newsletter/7/").content.decode()
    assert newsletter.is_changed(sent)
    assert "Cleveland" in page
    assert "Toledo" not in page
    assert all("Cleveland" in letter.get_body(("plain",)).get_content() for letter in mailbox.send_and_read())


def test_published_the_archive_shows_it_with_the_note(sent, client):
    mend(sent)
    newsletter.correct(issue=sent, by=StaffFactory(), note="We named the wrong city.", note_es="La ciudad era otra.")
    page, spanish = client.get("/newsletter/7/").content.decode(), client.get("/es/newsletter/7/").content.decode()
    assert "Toledo" in page
    assert "Cleveland" not in page
    assert "We named the wrong city." in page
    assert "La ciudad era otra." in spanish
    assert not newsletter.is_changed(Issue.objects.get())


def test_those_whose_letter_has_not_left_get_the_fix(sent, mailbox):
    Message.objects.filter(to="early@example.org").update(status="accepted", settled_at=sent.frozen_at)
    mend(sent)
    assert newsletter.correct(issue=sent, by=StaffFactory(), note="The city.") == 1
    (letter,) = mailbox.send_and_read()
    assert letter["To"] == "later@example.org"
    for kind in ("plain", "html"):
        assert "Toledo" in letter.get_body((kind,)).get_content()
    had = Message.objects.get(to="early@example.org").rendition
    assert (had.revision, "Cleveland" in had.text) == (1, True)


def test_a_letter_in_a_senders_hands_leaves_as_it_is(sent):
    letter = Message.objects.get(to="early@example.org")
    Message.objects.filter(pk=letter.pk).update(
        status="claimed", batch="00000000-0000-0000-0000-000000000001", claimed_at=sent.frozen_at
    )
    mend(sent)
    assert newsletter.correct(issue=sent, by=StaffFactory(), note="The city.") == 1
    letter.refresh_from_db()
    assert letter.rendition.revision == 1


def test_corrected_twice_there_are_two_notes_and_the_last_words(sent, client, mailbox):
    mend(sent)
    newsletter.correct(issue=sent, by=StaffFactory(), note="First note.")
    Issue.objects.filter(pk=sent.pk).update(intro="<p>The rally is in Akron.</p>")
    newsletter.correct(issue=Issue.objects.get(), by=StaffFactory(), note="Second note.")
    page = client.get("/newsletter/7/").content.decode()
    assert page.index("Second note.") < page.index("First note.") < page.rindex("Akron")
    assert all("Akron" in letter.get_body(("plain",)).get_content() for letter in mailbox.send_and_read())


def test_nothing_changed_is_nothing_to_correct(sent):
    with pytest.raises(newsletter.NothingChanged):
        newsletter.correct(issue=sent, by=StaffFactory(), note="Nothing.")
    assert Rendition.objects.filter(revision=2).count() == 0


def test_a_draft_is_not_corrected():
    with pytest.raises(newsletter.WrongState):
        newsletter.correct(issue=IssueFactory(), by=StaffFactory(), note="Nothing.")


def test_no_item_for_some_is_added_by_a_correction(sent):
    IssueItemFactory(issue=sent, post=None, heading="Texas only", audience="state", audience_of="TX")
    with pytest.raises(newsletter.NewForSome):
        newsletter.correct(issue=sent, by=StaffFactory(), note="More.")


def test_each_variant_gets_its_own_fix(mailbox):
    SubscriptionFactory(person__email="ohio@example.org", person__zip_code="43604")
    SubscriptionFactory(person__email="texas@example.org", person__zip_code="75201")
    issue = IssueFactory(number=8)
    item = IssueItemFactory(issue=issue, post=None, heading="In Ohio", audience="state", audience_of="OH")
    sent = send_issue(issue=issue)
    item.heading = "In Ohio, mended"
    item.save()
    newsletter.correct(issue=sent, by=StaffFactory(), note="A word.")
    words = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in mailbox.send_and_read()}
    assert "In Ohio, mended" in words["ohio@example.org"]
    assert "In Ohio" not in words["texas@example.org"]
