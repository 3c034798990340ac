"""What a signer and the clock do to one signature at once: real threads, no lock but the database's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from members.models import Message, Person
from petitions import calling, choosing, confirm_codes, erasing, retention, signing, succeeding, tallies
from petitions.models import CallTally, Reaffirmation, Signature
from tests.petitions.conftest import ADA
from tests.petitions.factories import MeasureFactory, PetitionFactory, SignatureFactory
from tests.petitions.sitting import lies_in, member

pytestmark = pytest.mark.django_db(transaction=True)
Status = Signature.Status


@pytest.fixture
def petition():
    return PetitionFactory()


@pytest.fixture
def pending(petition):
    signing.sign(petition=petition, **ADA)
    return Signature.objects.get()


def confirm(signature):
    return lambda: signing.confirm_signature(token=signing.confirm_token(signature)).status


def everything_agrees(petition):
    assert tallies.count(petition) == petition.signatures.counting().count()
    assert tallies.recount() == []


def test_link_and_code_at_once_count_once(petition, pending, together):
    code = confirm_codes.code_of(pending)
    by_code = lambda: signing.confirm_by_code(email=ADA["email"], code=code).status  # noqa: E731
    assert together(*[confirm(pending), by_code] * 6) == [Status.CONFIRMED] * 12
    assert (tallies.count(petition), Person.objects.count()) == (1, 1)
    assert Message.objects.filter(template="petitions/thank_you").count() == 1
    assert Signature.objects.get().letters_sent == 2


def test_confirming_and_withdrawing_at_once_ends_withdrawn_and_uncounted(petition, pending, together):
    withdraw = lambda: signing.withdraw_signature(signature=Signature.objects.get()).status  # noqa: E731
    results = together(*[confirm(pending)] * 4, *[withdraw] * 4)
    assert results[4:] == [Status.WITHDRAWN] * 4
    assert {type(each) for each in results[:4]} <= {str, Status, signing.LinkExpired}
    assert tallies.count(petition) == 0
    everything_agrees(petition)


def test_confirming_and_erasing_at_once_leaves_nothing_or_a_number(petition, pending, together):
    erase = lambda: erasing.erase_signature(signature=pending)  # noqa: E731
    results = together(*[confirm(pending)] * 4, *[erase] * 4)
    assert results[4:].count(True) == 1
    row = Signature.objects.first()
    assert row is None or (row.is_erased, row.status) == (True, Status.CONFIRMED)
    assert (ADA["email"] in str([*Signature.objects.values(), *Person.objects.values()])) is False
    everything_agrees(petition)


def test_a_correction_that_comes_too_late_brings_no_name_back(petition, together):
    rows = SignatureFactory.create_batch(6, petition=petition)
    tallies.recount()
    details = {
        "given_name": "Ada",
        "family_name": "L",
        "zip_code": "75201",
        "local": "",
        "comment": "",
        "show_name": True,
    }
    calls = []
    for row in rows:
        calls += [lambda row=row: signing.correct_signature(signature=row, **details).status]
        calls += [lambda row=row: erasing.erase_signature(signature=row)]
    together(*calls)
    assert set(Signature.objects.values_list("given_name", "zip_code")) == {("", "")}
    everything_agrees(petition)


def test_who_chooses_while_being_erased_leaves_no_count_behind(petition, together):
    lies_in("90210", "CA-30", "CA-36")
    signing.sign(petition=petition, **{**ADA, "zip_code": "90210"})
    row = Signature.objects.get()
    confirm(row)()
    choices = [lambda code=code: choosing.choose_district(signature=row, district=code) for code in ("CA-30", "CA-36")]
    together(*choices, lambda: erasing.erase_signature(signature=row), *choices)
    assert Signature.objects.get().is_erased
    everything_agrees(petition)


def test_reminding_twice_at_once_and_confirming_sends_one_reminder_at_most(petition, together):
    for number in range(8):
        signing.sign(petition=petition, **{**ADA, "email": f"signer{number}@example.org"})
    Signature.objects.update(asked_at=timezone.now() - timedelta(days=3))
    rows = list(Signature.objects.order_by("pk"))
    together(*[retention.remind_pending] * 3, *[confirm(row) for row in rows[:4]])
    reminders = Message.objects.filter(template="petitions/remind_signature")
    assert reminders.values("to").distinct().count() == reminders.count()
    assert reminders.filter(to__in=[row.email for row in rows[4:]]).count() == 4
    assert Signature.objects.counting().count() == 4
    for row in Signature.objects.all():
        assert row.letters_sent == Message.objects.filter(to=row.email).count()


def test_forgetting_and_signing_again_at_once_leaves_one_signature_with_its_letter(petition, pending, together):
    Signature.objects.update(asked_at=timezone.now() - timedelta(days=31))
    Message.objects.update(status="accepted", settled_at=timezone.now())
    again = lambda: signing.sign(petition=petition, **ADA)  # noqa: E731
    results = together(*[again] * 4, *[retention.delete_unconfirmed] * 4)
    assert results[:4] == [None] * 4
    row = Signature.objects.get()
    assert Message.objects.filter(key__startswith=f"signature:{row.pk}:").exists()


def test_calls_at_once_are_all_counted(petition, together):
    bioguide = member("AZ-03").bioguide
    call = lambda: calling.note_call(petition=petition, bioguide=bioguide, outcome="talked")  # noqa: E731
    assert together(*[call] * 12) == [None] * 12
    assert CallTally.objects.get().count == 12


def test_two_yeses_at_once_are_one(petition, together):
    heir = MeasureFactory(congress=116)
    petition.measures.add(MeasureFactory(congress=115, successor=heir))
    row = SignatureFactory(petition=petition)
    succeeding.move_to_successor(petition=petition, measure=heir, by=None)
    together(*[lambda: succeeding.reaffirm(signature=row, measure=heir)] * 6)
    assert Reaffirmation.objects.count() == 1
