"""Signing, confirming, withdrawing: one signature a mailbox, one count a person, whatever is pressed how often."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from csan.lib import signing as tokens
from members import subscriptions
from members.models import Message, Person, Subscription
from petitions import signing, tallies
from petitions.models import Signature, TallyDelta
from tests.members.factories import PersonFactory, StaffFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory, VersionFactory

pytestmark = pytest.mark.django_db
Status = Signature.Status
NOON = datetime(2030, 5, 1, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """It is one minute past noon; tests move on from there."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def templates():
    return list(Message.objects.order_by("pk").values_list("template", flat=True))


def states():
    """What was written for states, in order."""
    return list(TallyDelta.objects.order_by("pk").values_list("state", "amount"))


def correct(**changes):
    """The one signature, with these changes and its details otherwise as they are."""
    row = Signature.objects.get()
    names = ("given_name", "family_name", "zip_code", "local", "comment", "show_name")
    return signing.correct_signature(signature=row, **{**{name: getattr(row, name) for name in names}, **changes})


def deltas():
    return list(TallyDelta.objects.order_by("pk").values_list("amount", flat=True))


def confirm():
    return signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))


def test_signing_keeps_what_was_typed_and_counts_nothing(petition, sign):
    sign(local="CWA 1101", comment="Good jobs.", show_name=True, source="/petitions/x/", suspicion=1, language="es")
    row = Signature.objects.get()
    assert (row.email, row.given_name, row.family_name, row.zip_code) == (
        "ada@example.org",
        "Ada",
        "Lovelace",
        "20001",
    )
    assert (row.local, row.comment, row.show_name, row.language) == ("CWA 1101", "Good jobs.", True, "es")
    assert (row.source, row.suspicion, row.status, row.letters_sent) == ("/petitions/x/", 1, Status.PENDING, 1)
    assert (row.version, row.asked_at, row.created_at) == (petition.current_version, NOON, NOON)
    assert (tallies.count(petition), deltas(), Person.objects.count()) == (0, [], 0)
    assert templates() == ["petitions/confirm_signature"]


@pytest.mark.parametrize("other", ["ADA.LOVELACE@gmail.com", "adalovelace@gmail.com", "ada.lovelace+x@googlemail.com"])
def test_another_spelling_of_a_mailbox_is_one_signature_and_one_letter(sign, other):
    sign(email="ada.lovelace@gmail.com")
    sign(email=other.lower())
    assert Signature.objects.count() == 1
    assert templates() == ["petitions/confirm_signature"]


def test_signing_again_while_pending_takes_the_newer_details_and_the_link_stays_good(sign):
    sign(given_name="Adda")
    token = signing.confirm_token(Signature.objects.get())
    sign(given_name="Ada", wants_newsletter=True, newsletter_wording="Yes.")
    assert signing.confirm_signature(token=token).given_name == "Ada"
    assert Subscription.objects.get().wording == "Yes."


def test_the_person_signs_the_text_that_stood_on_the_page(petition, sign):
    sign()
    newer = VersionFactory(petition=petition, number=2)
    del petition.current_version
    sign()
    assert Signature.objects.get().version == newer


def test_a_pending_signer_gets_another_letter_after_ten_minutes_and_four_at_most(clock, sign):
    for _ in range(8):
        sign()
        clock.shift(timedelta(minutes=10))
    assert templates() == ["petitions/confirm_signature"] * 4
    assert Signature.objects.get().letters_sent == 4
    confirm()
    assert templates()[4:] == ["petitions/thank_you"]  # the fifth, and the last


def test_a_request_in_the_second_half_of_its_links_age_is_a_new_one(clock, sign):
    sign()
    old = signing.confirm_token(Signature.objects.get())
    clock.shift(signing.LINK_AGE / 2 + timedelta(seconds=1))
    sign()
    assert (Signature.objects.get().asked_at, Signature.objects.get().letters_sent) == (timezone.now(), 2)
    with pytest.raises(signing.LinkExpired):
        signing.confirm_signature(token=old)
    assert confirm().status == Status.CONFIRMED


def test_a_confirmed_signer_who_signs_again_keeps_the_details_and_hears_so_once_in_ten_minutes(clock, sign):
    sign()
    confirm()
    for _ in range(2):
        sign(given_name="Mallory")
    assert Signature.objects.get().given_name == "Ada"
    assert templates() == ["petitions/confirm_signature", "petitions/thank_you", "petitions/already_signed"]
    for _ in range(8):
        clock.shift(timedelta(minutes=10))
        sign()
    assert templates().count("petitions/already_signed") == 3  # five with the first letter and the thanks
    clock.shift(timedelta(days=1))
    sign()
    assert templates().count("petitions/already_signed") == 3
    assert deltas() == [1]


def test_who_withdrew_may_sign_again_at_once_and_the_old_link_is_dead(clock, petition, sign):
    sign()
    old = signing.confirm_token(Signature.objects.get())
    signing.withdraw_signature(signature=confirm())
    clock.shift(timedelta(seconds=5))
    sign(given_name="Augusta")
    row = Signature.objects.get()
    assert (row.status, row.given_name, row.withdrawn_at, row.confirmed_at) == (Status.PENDING, "Augusta", None, None)
    with pytest.raises(signing.LinkExpired):
        signing.confirm_signature(token=old)
    confirm()
    assert (deltas(), tallies.count(petition)) == ([1, -1, 1], 1)
    assert templates() == ["petitions/confirm_signature", "petitions/thank_you"] * 2


def test_a_signature_that_staff_set_aside_stays_so_in_silence(sign):
    sign()
    signing.invalidate_signatures(signatures=Signature.objects.all(), by=StaffFactory())
    before = Signature.objects.values().get()
    sign(given_name="Mallory")
    assert Signature.objects.values().get() == before
    assert templates() == ["petitions/confirm_signature"]


@pytest.mark.parametrize(
    "dates", [{"closes_at": NOON}, {"opens_at": NOON + timedelta(seconds=1), "closes_at": NOON + timedelta(days=1)}]
)
def test_a_petition_that_is_not_open_is_not_signed(sign, petition, dates):
    for name, value in dates.items():
        setattr(petition, name, value)
    with pytest.raises(signing.PetitionClosed):
        sign()
    assert (Signature.objects.count(), Message.objects.count()) == (0, 0)


def test_confirming_twice_counts_once_and_thanks_once(petition, sign):
    sign()
    assert confirm() == confirm()
    assert (deltas(), tallies.count(petition)) == ([1], 1)
    assert templates() == ["petitions/confirm_signature", "petitions/thank_you"]
    row = Signature.objects.get()
    assert (row.status, row.confirmed_at) == (Status.CONFIRMED, NOON)


def test_confirming_makes_a_verified_person_and_no_subscription_that_was_not_asked_for(sign):
    sign(local="CWA 1101", newsletter_wording="Yes.")
    confirm()
    person = Person.objects.get()
    assert (person.email, person.given_name, person.family_name) == ("ada@example.org", "Ada", "Lovelace")
    assert (person.zip_code, person.local_as_written, person.email_verified_at) == ("20001", "CWA 1101", NOON)
    assert Subscription.objects.count() == 0
    assert Signature.objects.get().newsletter_wording == ""


def test_confirming_verifies_a_person_we_knew_by_name_only(sign):
    PersonFactory(email="ada@example.org", given_name="Typo", email_verified_at=None)
    sign()
    confirm()
    assert Person.objects.values_list("given_name", "email_verified_at").get() == ("Ada", NOON)


def test_confirming_leaves_a_verified_person_as_they_are(sign):
    known = NOON - timedelta(days=9)
    PersonFactory(email="ada@example.org", given_name="Augusta", email_verified_at=known)
    sign()
    confirm()
    assert Person.objects.values_list("given_name", "email_verified_at").get() == ("Augusta", known)


def test_the_ticked_box_subscribes_with_the_wording_that_stood_there(sign):
    sign(wants_newsletter=True, newsletter_wording="Send me the newsletter.", source="/petitions/x/sign/")
    assert Subscription.objects.count() == 0
    confirm()
    found = Subscription.objects.get()
    assert (found.status, found.wording, found.source) == ("active", "Send me the newsletter.", "/petitions/x/sign/")
    assert templates() == ["petitions/confirm_signature", "members/welcome", "petitions/thank_you"]


def test_a_signature_without_the_box_does_not_end_a_subscription(sign):
    person = PersonFactory(email="ada@example.org")
    subscriptions.subscribe_verified(person=person, wording="Yes.", source="/")
    sign()
    confirm()
    assert Subscription.objects.get().status == "active"


def test_a_link_dies_after_seven_days_and_of_forged_ones_none_lives(clock, sign):
    sign()
    row = Signature.objects.get()
    token = signing.confirm_token(row)
    forged = [
        tokens.sign("confirm-subscription", f"{row.pk}.{row.moment}"),
        tokens.sign(signing.PURPOSE, f"{row.pk}.0"),
        tokens.sign(signing.PURPOSE, "0.0"),
        token[:-1],
        f"{row.pk}.{row.moment}",
    ]
    for each in forged:
        with pytest.raises(signing.LinkExpired):
            signing.confirm_signature(token=each)
    clock.shift(signing.LINK_AGE + timedelta(seconds=1))
    with pytest.raises(signing.LinkExpired):
        signing.confirm_signature(token=token)
    assert (Signature.objects.get().status, deltas()) == (Status.PENDING, [])


def test_a_link_works_for_a_day_after_the_petition_closed(clock, petition, sign):
    sign()
    petition.closes_at = NOON + timedelta(hours=1)
    petition.save(update_fields=["closes_at"])
    clock.shift(timedelta(hours=25))
    with pytest.raises(signing.PetitionClosed):
        confirm()
    clock.shift(timedelta(seconds=-1))
    assert confirm().status == Status.CONFIRMED
    clock.shift(timedelta(hours=25))
    assert confirm().status == Status.CONFIRMED  # pressed again: the same, and nothing twice
    assert deltas() == [1]


def test_withdrawing_takes_a_confirmed_signature_out_of_the_count_once(petition, sign):
    sign()
    signature = confirm()
    for _ in range(2):
        assert signing.withdraw_signature(signature=signature).status == Status.WITHDRAWN
    assert (deltas(), tallies.count(petition)) == ([1, -1], 0)


def test_withdrawing_a_pending_signature_changes_no_count_and_kills_its_link(sign):
    sign()
    signing.withdraw_signature(signature=Signature.objects.get())
    with pytest.raises(signing.LinkExpired):
        confirm()
    assert (deltas(), Signature.objects.get().status) == ([], Status.WITHDRAWN)


def test_correcting_changes_what_stands_and_nothing_that_was_withdrawn(sign):
    sign()
    details = {
        "given_name": "Augusta",
        "family_name": "King",
        "zip_code": "10001",
        "local": "CWA 1",
        "comment": "Hear us.",
        "show_name": True,
    }
    signing.correct_signature(signature=Signature.objects.get(), **details)
    assert Signature.objects.values(*details).get() == details
    signing.withdraw_signature(signature=Signature.objects.get())
    signing.correct_signature(signature=Signature.objects.get(), **{**details, "given_name": "Mallory"})
    assert Signature.objects.values(*details).get() == details


def test_setting_aside_and_reinstating_moves_the_count_of_those_that_had_counted(petition):
    staff = StaffFactory()
    counted = SignatureFactory(petition=petition)
    waiting = SignatureFactory(petition=petition, status=Status.PENDING)
    gone = SignatureFactory(petition=petition, status=Status.WITHDRAWN)
    everyone = Signature.objects.order_by("pk")
    assert [signing.invalidate_signatures(signatures=everyone, by=staff) for _ in range(2)] == [2, 0]
    assert list(everyone.values_list("status", flat=True)) == [Status.INVALID, Status.INVALID, Status.WITHDRAWN]
    assert deltas() == [-1]
    assert [signing.reinstate_signatures(signatures=everyone, by=staff) for _ in range(2)] == [2, 0]
    assert list(everyone.values_list("status", flat=True)) == [Status.CONFIRMED, Status.PENDING, Status.WITHDRAWN]
    assert deltas() == [-1, 1]
    log = staff.logentry_set.order_by("pk").values_list("object_id", "change_message")
    touched = [str(counted.pk), str(waiting.pk)]
    assert sorted(log) == sorted([(pk, did) for did in ("Set aside", "Reinstated") for pk in touched])
    assert str(gone.pk) not in {pk for pk, _ in log}


def test_signing_one_petition_says_nothing_about_another(sign):
    other = PetitionFactory()
    sign()
    confirm()
    assert tallies.count(other) == 0


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [("20001", "DC"), ("75201-1234", "TX"), ("00901", "PR"), ("00000", ""), ("09001", ""), ("96941", "")],
)
def test_the_state_comes_from_the_zip_code_and_is_empty_where_that_has_none(petition, sign, zip_code, state):
    sign(zip_code=zip_code)
    confirm()
    assert (Signature.objects.get().state, states()) == (state, [(state, 1)])
    assert tallies.by_state(petition) == {state: 1}


def test_signing_takes_as_many_statements_with_a_state_as_without(sign, django_assert_num_queries):
    sign(email="first@example.org")
    with CaptureQueriesContext(connection) as without:
        sign(email="second@example.org", zip_code="00000")
    with django_assert_num_queries(len(without)):
        sign(email="third@example.org", zip_code="75201")


def test_who_signs_again_before_confirming_is_counted_where_the_newer_zip_code_is(petition, sign):
    sign(zip_code="20001")
    sign(zip_code="75201")
    confirm()
    assert (states(), tallies.by_state(petition)) == ([("TX", 1)], {"TX": 1})


def test_a_corrected_zip_code_moves_a_signature_that_counts(petition, sign):
    sign(zip_code="20001")
    correct(zip_code="10001")
    assert (Signature.objects.get().state, states()) == ("NY", [])  # nothing counted yet
    confirm()
    correct(zip_code="75201")
    correct(zip_code="75202", given_name="Augusta")
    assert states() == [("NY", 1), ("NY", -1), ("TX", 1)]
    signing.withdraw_signature(signature=Signature.objects.get())
    assert (tallies.count(petition), tallies.by_state(petition), tallies.recount()) == (0, {}, [])


def test_setting_aside_and_reinstating_after_a_move_touches_the_state_it_moved_to(petition, sign):
    staff, everyone = StaffFactory(), Signature.objects.all()
    sign(zip_code="20001")
    confirm()
    correct(zip_code="75201")
    tallies.drain()
    signing.invalidate_signatures(signatures=everyone, by=staff)
    assert (states(), tallies.by_state(petition)) == ([("TX", -1)], {})
    correct(zip_code="10001")  # what was set aside is not corrected
    signing.reinstate_signatures(signatures=everyone, by=staff)
    assert (states(), tallies.by_state(petition)) == ([("TX", -1), ("TX", 1)], {"TX": 1})
    assert tallies.recount() == []


def test_an_unknown_zip_code_is_counted_in_the_total_and_under_no_state(petition, sign):
    sign(zip_code="00000")
    confirm()
    correct(zip_code="75201")
    assert (tallies.count(petition), tallies.by_state(petition)) == (1, {"TX": 1})
    correct(zip_code="00000")
    assert (tallies.count(petition), tallies.by_state(petition)) == (1, {"": 1})
