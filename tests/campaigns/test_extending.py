"""A freeze day of its own for one local, and withdrawing: by the private page, and by staff for who calls."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaigns.emails import registration_letters
from campaigns.models import Box, Registration
from members.models import Message
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory, day
from tests.campaigns.typed import TYPED
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/registration/"


def frozen(**values) -> Registration:
    """A registration that its local can no longer change itself."""
    return RegistrationFactory(week=WeekFactory(register_by=day(-3), freeze_on=day(-1)), approved=True, **values)


@pytest.fixture
def staff(client):
    person = StaffFactory()
    client.force_login(person)
    return person


def saved(client, registration, **changes):
    """Staff save the registration's page as it is, with changes."""
    names = ("members_count", "contact_name", "contact_role", "email", "phone", "language", "notes")
    columns = ("id", "name", "address1", "address2", "city", "state", "zip_code", "receiving_hours", "label")
    told = {
        **{name: getattr(registration, name) for name in names},
        **{f"places-0-{name}": getattr(registration.place, name) for name in columns},
        "places-0-registration": registration.pk,
        **{"places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1},
        **{"other_contacts-TOTAL_FORMS": 0, "other_contacts-INITIAL_FORMS": 0},
    }
    return client.post(f"{LIST}{registration.pk}/change/", {**told, **changes})


def listed(client, action, *registrations, follow=True):
    chosen = [each.pk for each in registrations]
    answer = client.post(LIST, {"action": action, "_selected_action": chosen}, follow=follow)
    return [str(message) for message in answer.context["messages"]]


def test_staff_give_a_local_more_time_and_it_changes_its_registration_by_its_link(client, staff):
    registration = frozen()
    page, change = f"/registration/{registration.key}/", f"/registration/{registration.key}/change/"
    assert client.get(change).status_code == 303

    assert saved(client, registration, extended_until=str(day(2))).status_code == 302

    registration.refresh_from_db()
    assert (registration.extended_until, registration.changed_at) == (day(2), None)
    html = client.get(page).content.decode()
    assert (f'href="{change}"' in html, "You can change it until" in html) == (True, True)
    assert client.post(change, TYPED).status_code == 303
    assert Registration.objects.get().members_count == 1140


def test_an_extension_that_is_over_closes_the_form_again(client):
    registration = frozen(extended_until=day(-1))
    assert client.get(f"/registration/{registration.key}/change/").status_code == 303
    assert client.post(f"/registration/{registration.key}/change/", TYPED).status_code == 422
    assert Registration.objects.get().members_count == 140


@pytest.mark.parametrize("until", [day(-2), day(31)])
def test_an_extension_lies_between_the_freeze_and_the_week(client, staff, until):
    registration = frozen()
    answer = saved(client, registration, extended_until=str(until))
    assert "extended_until" in answer.context["adminform"].form.errors
    assert Registration.objects.get().extended_until is None


def test_the_receipt_that_is_sent_again_names_the_day_of_the_extension():
    registration_letters.registration_received(RegistrationFactory(extended_until=day(20)))
    assert Message.objects.get().context["freeze_on"] != ""
    ordinary = RegistrationFactory()
    registration_letters.registration_received(ordinary)
    first, second = Message.objects.order_by("pk")
    assert first.context["freeze_on"] != second.context["freeze_on"]


def test_a_local_withdraws_after_the_freeze_too_as_long_as_no_box_has_left(client):
    box = BoxFactory(registration=frozen(), status=Box.Status.PACKED)
    key = box.registration.key
    assert f"/registration/{key}/withdraw/" in client.get(f"/registration/{key}/").content.decode()
    assert client.post(f"/registration/{key}/withdraw/", {"website": ""}).status_code == 303
    box.refresh_from_db()
    assert (box.status, Registration.objects.get().status) == ("cancelled", "withdrawn")


def test_staff_withdraw_for_who_calls_and_it_is_recorded_once(client, staff):
    waiting, approved = RegistrationFactory(), RegistrationFactory(approved=True)
    box = BoxFactory(registration=approved)
    assert listed(client, "withdraw", waiting, approved) == ["2 registrations withdrawn."]
    assert listed(client, "withdraw", waiting, approved) == ["0 registrations withdrawn."]
    assert set(Registration.objects.values_list("status", flat=True)) == {"withdrawn"}
    box.refresh_from_db()
    assert box.status == Box.Status.CANCELLED
    said = LogEntry.objects.filter(user=staff, content_type__model="registration")
    assert list(said.values_list("change_message", flat=True)) == ["Withdrew as the local asked"] * 2


def test_staff_cannot_withdraw_what_has_left(client, staff):
    gone = BoxFactory(shipped=True).registration
    waiting = RegistrationFactory()
    assert listed(client, "withdraw", gone, waiting) == [
        f"The box of {gone.local} has left already.",
        "1 registration withdrawn.",
    ]
    gone.refresh_from_db()
    assert gone.status == "approved"


def test_who_may_only_look_cannot_withdraw(client):
    person = StaffFactory(is_superuser=False)
    person.user_permissions.add(Permission.objects.get(codename="view_registration"))
    client.force_login(person)
    registration = RegistrationFactory(created_at=timezone.now())
    client.post(LIST, {"action": "withdraw", "_selected_action": [registration.pk]})
    assert Registration.objects.get().status == "received"
