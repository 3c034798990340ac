"""Erasing a signer: the person goes from every column, what counted stays a number, and nobody is counted twice."""

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from csan.lib.addresses import email_key
from members.models import Local, Message, Person, Subscription, Suppression
from petitions import erasing, signing, tallies
from petitions.models import Signature
from tests.members.factories import StaffFactory
from tests.petitions.factories import SignatureFactory
from tests.petitions.sitting import lies_in
from tests.words import text

pytestmark = pytest.mark.django_db
Status = Signature.Status
WHOLE = {
    "local": "CWA 1101", "comment": "Hear us, Lovelace.", "show_name": True, "source": "/petitions/x/",
    "source_code": "hall-12",
}  # fmt: skip


@pytest.fixture
def whole(sign):
    """A signature with everything that can be known of a signer."""
    Local.objects.create(affiliate="CWA", number="1101")
    lies_in("85001", "AZ-03")
    sign(zip_code="85001", **WHOLE)
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    Signature.objects.update(story_shown_at=timezone.now(), story_place="Phoenix, AZ", shown_as="city")
    return Signature.objects.get()


def test_each_column_is_either_emptied_or_says_nothing_about_a_person(whole):
    columns = {field.name for field in Signature._meta.concrete_fields}
    assert columns == {*erasing.EMPTIED, *erasing.MOMENTS, *erasing.KEPT, "email", "key"}


def test_the_person_goes_and_the_count_by_state_and_district_stays(petition, whole):
    key, hashed = whole.key, whole.email_key
    assert [erasing.erase_signature(signature=whole) for _ in range(2)] == [True, False]
    row = Signature.objects.get()
    assert {name: getattr(row, name) for name in erasing.EMPTIED} == erasing.EMPTIED
    assert (row.status, row.state, row.district, row.version, row.email_key) == (
        Status.CONFIRMED, "AZ", "AZ-03", whole.version, hashed,
    )  # fmt: skip
    assert row.key != key
    assert row.email == f"erased-{row.pk}@erased.invalid"
    moment = timezone.localtime(row.confirmed_at)
    now = timezone.localtime()
    assert (moment.year, moment.month, moment.day, moment.hour, moment.minute) == (now.year, now.month, 1, 0, 0)
    assert (tallies.count(petition), tallies.by_state(petition), tallies.recount()) == (1, {"AZ": 1}, [])
    left = str([*Signature.objects.values(), *Person.objects.values(), *Message.objects.values()])
    assert ("Lovelace" in left, "ada@" in left, "85001" in left) == (False, False, False)
    assert Suppression.objects.get().reason == "erased"


def test_the_page_says_what_goes_and_stays_and_its_button_erases(client, whole):
    page = f"/signature/{whole.key}/erase/"
    assert "One signature in the count" in text(client.get(page))
    assert not Signature.objects.get().is_erased
    for _ in range(2):
        response = client.post(page)
        assert (response.status_code, response["Location"]) == (303, "/signature/erased/")
    assert (Signature.objects.get().is_erased, client.get(page).status_code) == (True, 404)
    assert client.get(f"/signature/{whole.key}/").status_code == 404
    assert client.get("/signature/erased/").status_code == 200


def test_a_trapped_program_erases_nothing(client, whole):
    assert client.post(f"/signature/{whole.key}/erase/", {"website": "x"}).status_code == 303
    assert not Signature.objects.get().is_erased


def test_the_confirm_link_of_who_was_erased_is_dead(whole):
    token = signing.confirm_token(whole)
    erasing.erase_signature(signature=whole)
    with pytest.raises(signing.LinkExpired):
        signing.confirm_signature(token=token)


def test_who_was_erased_cannot_be_counted_a_second_time(petition, sign, whole):
    erasing.erase_signature(signature=whole)
    before = Signature.objects.values().get()
    letters = Message.objects.count()
    sign()
    assert (Signature.objects.values().get(), Message.objects.count()) == (before, letters)
    assert tallies.count(petition) == 1


def test_a_signature_that_never_counted_leaves_nothing(sign):
    sign(comment="Hear us.")
    assert erasing.erase_signature(signature=Signature.objects.get())
    assert (Signature.objects.count(), Message.objects.count(), Person.objects.count()) == (0, 0, 0)


def test_who_withdrew_before_may_sign_again(petition, sign, whole):
    erasing.erase_signature(signature=signing.withdraw_signature(signature=whole))
    assert (Signature.objects.get().status, tallies.count(petition)) == (Status.WITHDRAWN, 0)
    sign()
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    row = Signature.objects.get()
    assert (row.email, row.is_erased, tallies.count(petition)) == ("ada@example.org", False, 1)


def test_a_letter_that_waits_is_never_sent(whole):
    erasing.erase_signature(signature=whole)
    assert set(Message.objects.values_list("status", "to")) == {("skipped", "erased@erased.invalid")}


def test_a_reader_of_the_newsletter_stays_one(sign):
    sign(wants_newsletter=True, newsletter_wording="Yes.")
    row = signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    erasing.erase_signature(signature=row)
    assert (Subscription.objects.get().status, Person.objects.get().email) == ("active", "ada@example.org")
    assert Suppression.objects.count() == 0


def test_staff_erase_for_who_asks_by_letter_and_the_log_forgets_the_name(whole):
    staff = StaffFactory()
    assert erasing.erase_signature(signature=whole, by=staff)
    assert LogEntry.objects.values_list("object_repr", "change_message").get() == ("erased", "Erased")


def test_the_hash_that_stays_is_the_one_of_the_mailbox(petition):
    row = SignatureFactory(petition=petition, email="bob@example.org", status=Status.INVALID)
    erasing.erase_signature(signature=row)
    assert Suppression.objects.get().email_key == Signature.objects.get().email_key == email_key("bob@example.org")
