"""Who never confirms: two reminders, five letters in all, then nothing is left of them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from csan.lib.addresses import email_key
from members import outbox
from members.models import MailEvent, Message, Suppression
from petitions import retention, signing, tasks
from petitions.models import Petition, Signature
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db
Status = Signature.Status
NOON = datetime(2030, 5, 1, 12, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def templates():
    return list(Message.objects.order_by("pk").values_list("template", flat=True))


def sent():
    return Message.objects.update(status="accepted", settled_at=timezone.now())


def test_a_pending_signer_is_reminded_after_two_days_and_after_five_and_never_again(clock, sign):
    sign()
    told = []
    for _ in range(20):
        told += [(timezone.now() - NOON).days] * retention.remind_pending()
        assert retention.remind_pending() == 0
        clock.shift(DAY)
    assert told == [2, 5]
    assert templates() == ["petitions/confirm_signature", *["petitions/remind_signature"] * 2]
    row = Signature.objects.get()
    assert (row.reminders_sent, row.letters_sent) == (2, 3)


def test_each_reminder_has_a_link_that_works_for_seven_days_from_then(clock, sign):
    sign()
    clock.shift(5 * DAY)
    assert retention.remind_pending() == 1  # the first is five days late, so it is the only one
    clock.shift(6 * DAY)
    assert retention.remind_pending() == 0
    link = Message.objects.last().context["confirm_url"]
    assert signing.confirm_signature(token=link.split("/")[-3]).status == Status.CONFIRMED


@pytest.mark.parametrize("status", [Status.CONFIRMED, Status.WITHDRAWN, Status.INVALID])
def test_only_who_is_pending_is_reminded(petition, status):
    SignatureFactory(petition=petition, status=status, asked_at=NOON - 3 * DAY, letters_sent=1)
    assert (retention.remind_pending(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize("reason", ["bounced", "bouncing", "complained", "staff"])
def test_a_mailbox_that_we_may_not_write_to_is_not_reminded(clock, sign, reason):
    Suppression.objects.create(email_key=email_key("ada@example.org"), reason=reason)
    sign()
    clock.shift(3 * DAY)
    assert (retention.remind_pending(), len(templates())) == (0, 1)


@pytest.mark.parametrize("delivery", ["bounced", "complained"])
def test_a_mailbox_that_gave_the_first_letter_back_is_not_reminded(clock, sign, delivery):
    sign()
    Message.objects.update(delivery=delivery)
    clock.shift(3 * DAY)
    assert (retention.remind_pending(), len(templates())) == (0, 1)


@pytest.mark.parametrize(("over", "reminded"), [(timedelta(hours=23), 1), (timedelta(hours=24), 0)])
def test_nobody_is_reminded_of_what_can_no_longer_be_confirmed(clock, petition, sign, over, reminded):
    sign()
    clock.shift(3 * DAY)
    Petition.objects.update(closes_at=timezone.now() - over)
    assert retention.remind_pending() == reminded


def test_five_letters_are_all_that_a_signature_ever_brings_thanks_included(clock, sign):
    for _ in range(3):
        sign()
        clock.shift(timedelta(minutes=10))
    for _ in range(9):
        clock.shift(DAY)
        retention.remind_pending()
        sign()
    assert templates().count("petitions/confirm_signature") + templates().count("petitions/remind_signature") == 4
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    for _ in range(9):
        clock.shift(DAY)
        sign()
    assert templates()[4:] == ["petitions/thank_you"]
    assert Signature.objects.get().letters_sent == signing.MOST_LETTERS


def test_no_link_dies_without_a_letter_that_brings_another(clock, sign):
    for _ in range(4):
        sign()
        clock.shift(timedelta(minutes=10))
    asked = Signature.objects.get().asked_at
    clock.shift(4 * DAY)
    sign()
    assert Signature.objects.get().asked_at == asked


def test_after_thirty_days_nothing_is_left_of_a_signature_that_nobody_confirmed(clock, petition, sign):
    sign()
    sign(email="bob@example.org")
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get(email="bob@example.org")))
    old = Signature.objects.get(email="ada@example.org")
    MailEvent.objects.create(
        message=Message.objects.first(), email_key=old.email_key, kind="delivered", digest="1", happened_at=NOON
    )
    sent()
    clock.shift(retention.KEPT_UNCONFIRMED - timedelta(seconds=1))
    assert retention.delete_unconfirmed() == 0
    clock.shift(timedelta(seconds=1))
    assert [retention.delete_unconfirmed(), retention.delete_unconfirmed()] == [1, 0]
    assert list(Signature.objects.values_list("email", flat=True)) == ["bob@example.org"]
    assert not outbox.letters_about(f"signature:{old.pk}").exists()
    assert not MailEvent.objects.filter(email_key=old.email_key, message__isnull=False).exists()
    sign()
    assert Signature.objects.get(email="ada@example.org").created_at == timezone.now()


def test_who_has_a_letter_under_way_waits_for_it(clock, sign):
    sign()
    clock.shift(31 * DAY)
    assert retention.delete_unconfirmed() == 0
    sent()
    assert retention.delete_unconfirmed() == 1


def test_the_tasks_do_both(clock, sign):
    sign()
    clock.shift(2 * DAY)
    tasks.remind_pending()
    assert templates()[-1] == "petitions/remind_signature"
    sent()
    clock.shift(30 * DAY)
    tasks.delete_unconfirmed()
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_a_batch_takes_as_many_statements_for_one_as_for_many_but_for_the_letters(
    petition, django_assert_num_queries, rows
):
    for _ in range(rows):
        SignatureFactory(petition=petition, status=Status.PENDING, asked_at=NOON - 3 * DAY, letters_sent=1)
    # Each batch: begin, look, letters, write, end; and the last look, which finds nobody.
    with django_assert_num_queries(7 + rows):
        assert retention.remind_pending() == rows
