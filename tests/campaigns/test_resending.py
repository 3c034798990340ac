"""Staff see every letter about a registration, and send one again."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from campaigns.boxes import shipping
from campaigns.desk import resending
from campaigns.emails import registration_letters
from campaigns.models import Colleague, Registration
from members import outbox
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory, RegistrationFactory
from tests.members.factories import StaffFactory


def sent(message: Message) -> Message:
    """As if the mail service had taken it."""
    Message.objects.filter(pk=message.pk).update(status="accepted", settled_at=timezone.now())
    message.refresh_from_db()
    return message


@pytest.fixture
def registration(db):
    row = RegistrationFactory(approved=True, email="ada@example.org", language="es")
    registration_letters.registration_approved(row)
    return row


@pytest.fixture
def letter(registration):
    return sent(Message.objects.get())


def test_letters_about_the_registration_and_its_boxes_are_found(registration, letter):
    box = BoxFactory(registration=registration)
    shipping.ship_box(box=box, carrier="ups", tracking_number="1Z1", by=StaffFactory())
    registration_letters.registration_approved(RegistrationFactory(pk=registration.pk * 10 + 1, approved=True))
    templates = [each.template for each in resending.letters_of(registration)]
    assert templates == ["campaigns/box_shipped", "campaigns/registration_approved"]


def test_a_letter_goes_again_to_the_address_and_with_the_link_of_today(client, registration, letter):
    staff = StaffFactory()
    client.force_login(staff)
    Registration.objects.update(email="ada.new@example.org", key="newnewnewnewnewn")
    page = client.get(f"/admin/campaigns/registration/{registration.pk}/change/")
    assert "campaigns/registration_approved" in page.content.decode()

    form = {"do": "again", "letter": letter.pk}
    done = client.post(f"/admin/campaigns/registration/{registration.pk}/desk/", form, follow=True)
    twice = client.post(f"/admin/campaigns/registration/{registration.pk}/desk/", form, follow=True)

    assert [str(each) for each in done.context["messages"]] == ["The letter is sent again."]
    assert [str(each) for each in twice.context["messages"]] == ["This letter is on its way already."]
    again = Message.objects.exclude(pk=letter.pk).get()
    assert (again.key, again.to, again.language) == (f"{letter.key}:again:1", "ada.new@example.org", "es")
    assert again.context == {
        **letter.context,
        "registration_url": letter.context["registration_url"].replace(registration.key, "newnewnewnewnewn"),
    }
    assert LogEntry.objects.get().change_message == "Sent again (letter: campaigns/registration_approved)"


def test_a_colleagues_letter_stays_theirs(registration):
    Colleague.objects.create(registration=registration, name="Sam", email="sam@example.org")
    key = f"registration:{registration.pk}:colleague:1"
    outbox.enqueue(key=key, template="campaigns/registration_approved", to="sam@example.org",
                   context={"registration_url": "theirs"})  # fmt: skip
    original = sent(Message.objects.get(key=key))
    resending.send_again(registration=registration, message=original, by=StaffFactory())
    again = Message.objects.get(key=f"{key}:again:1")
    assert (again.to, again.context) == ("sam@example.org", {"registration_url": "theirs"})


def test_what_was_sent_again_can_be_sent_again_five_times_an_hour(registration, letter):
    staff = StaffFactory()
    newest = letter
    for number in range(1, 6):
        assert resending.send_again(registration=registration, message=newest, by=staff)
        newest = sent(Message.objects.latest("pk"))
        assert newest.key == f"{letter.key}:again:{number}"
    with pytest.raises(resending.TooManyAgain):
        resending.send_again(registration=registration, message=newest, by=staff)
    Message.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert resending.send_again(registration=registration, message=newest, by=staff)


def test_a_letter_of_another_registration_or_one_that_is_erased_is_refused(registration, letter):
    staff, other = StaffFactory(), RegistrationFactory()
    with pytest.raises(resending.NotItsLetter):
        resending.send_again(registration=other, message=letter, by=staff)
    outbox.forget_letters_about(f"registration:{registration.pk}")
    letter.refresh_from_db()
    with pytest.raises(resending.NotItsLetter):
        resending.send_again(registration=registration, message=letter, by=staff)
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_send_one_letter(registration, letter):
    staff = StaffFactory()

    def press() -> bool:
        return resending.send_again(registration=registration, message=letter, by=staff)

    assert sorted(at_once(press, press, press)) == [False, False, True]
    assert Message.objects.count() == 2


def test_a_letter_whose_key_only_begins_alike_does_not_stand_in_the_way(registration, letter):
    outbox.enqueue(key=f"{letter.key}0", template=letter.template, to=letter.to, context=letter.context)
    assert resending.send_again(registration=registration, message=letter, by=StaffFactory())
