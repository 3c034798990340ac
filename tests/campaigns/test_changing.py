"""Changes after the freeze: asked for by the local, made or declined by staff, told once."""

from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from campaigns import personal_data
from campaigns.entering import registering
from campaigns.models import Box, ChangeRequest, Registration, ShipTo
from campaigns.private_page import changing
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    BoxFactory,
    ColleagueFactory,
    RegistrationFactory,
    WeekFactory,
    WeekTaskFactory,
    day,
)
from tests.campaigns.typed import TYPED
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


def frozen(**values) -> Registration:
    """A registration that its local can no longer change itself."""
    return RegistrationFactory(week=WeekFactory(register_by=day(-3), freeze_on=day(-1)), approved=True, **values)


def asked(registration: Registration, **changes) -> ChangeRequest:
    """The local asks for these changes of what it told us."""
    details = replace(registering.details_of(registration), **(changes or {"members_count": 150}))
    return changing.ask_change(registration=registration, details=details, why="We grew", asked_by="Ada Reyes")


def page_of(registration: Registration) -> str:
    return f"/registration/{registration.key}/"


def test_only_what_differs_is_asked_for():
    registration = frozen()
    WeekTaskFactory(week=registration.week, code="letter")
    request = asked(registration, members_count=150, ship_city="Dayton", tasks=("letter",))
    assert request.wanted == {"members_count": 150, "ship_city": "Dayton", "tasks": ["letter"]}
    assert Registration.objects.get().members_count == 140


def test_asking_for_nothing_new_is_refused():
    registration = frozen()
    with pytest.raises(changing.NothingChanged):
        asked(registration, members_count=registration.members_count)


def test_before_the_freeze_nobody_needs_to_ask():
    with pytest.raises(changing.CannotAsk):
        asked(RegistrationFactory())


def test_once_the_box_has_left_nothing_can_be_asked():
    registration = frozen()
    BoxFactory(registration=registration, shipped=True)
    with pytest.raises(changing.CannotAsk):
        asked(registration)


def test_one_change_waits_at_a_time():
    registration = frozen()
    asked(registration)
    with pytest.raises(changing.AskedAlready):
        asked(registration, members_count=160)
    assert changing.take_back(registration=registration) is True
    assert changing.take_back(registration=registration) is False
    asked(registration, members_count=160)
    assert list(ChangeRequest.objects.order_by("pk").values_list("status", flat=True)) == ["taken-back", "asked"]


def test_an_extension_of_its_own_lets_the_local_change_it_itself():
    registration = frozen(extended_until=day(0))
    assert registering.can_be_changed(registration) is True
    assert changing.can_be_asked(registration) is False
    Registration.objects.update(extended_until=day(-1))
    assert registering.can_be_changed(Registration.objects.get()) is False


def test_approving_makes_the_change_and_tells_the_local_once():
    staff, registration = StaffFactory(), frozen()
    WeekTaskFactory(week=registration.week, code="letter")
    request = asked(registration, members_count=150, ship_city="Dayton", tasks=("letter",))

    assert changing.approve_change(request=request, answer="Done", by=staff) is True
    assert changing.approve_change(request=request, answer="Done", by=staff) is False

    after = Registration.objects.get()
    assert (after.members_count, after.place.city, [task.code for task in after.tasks.all()]) == (
        150,
        "Dayton",
        ["letter"],
    )
    assert [letter.template for letter in Message.objects.all()] == ["campaigns/change_approved"]
    assert LogEntry.objects.get().change_message == ("Approved a change (fields: members_count, ship_city, tasks)")
    assert ChangeRequest.objects.get().decided_by == staff


def test_approving_leaves_alone_what_was_not_asked_for():
    registration = frozen()
    request = asked(registration, members_count=150)
    Registration.objects.update(phone="202-555-0111")  # staff corrected it meanwhile
    changing.approve_change(request=request, by=StaffFactory())
    assert Registration.objects.values_list("members_count", "phone").get() == (150, "202-555-0111")


def test_what_was_found_out_about_the_old_address_does_not_hold_for_the_new_one():
    registration = frozen()
    standard = {"address1": "501 3RD ST NW", "address2": "", "city": "WASHINGTON", "state": "DC", "zip_code": "20001"}
    ShipTo.objects.update(standard=standard, uses_standard=True, verdict="safe", judged_by_staff=True)
    changing.approve_change(request=asked(registration, members_count=150), by=StaffFactory())
    assert ShipTo.objects.values_list("uses_standard", "verdict").get() == (True, "safe")

    changing.approve_change(request=asked(Registration.objects.get(), ship_address1="9 Elm St"), by=StaffFactory())

    place = ShipTo.objects.get()
    assert (place.uses_standard, place.verdict, place.judged_by_staff) == (False, "safe", False)
    assert place.lines[1] == "9 Elm St"


def test_declining_changes_nothing_and_tells_why_once():
    registration = frozen()
    request, staff = asked(registration), StaffFactory()
    assert changing.decline_change(request=request, answer="It is packed.", by=staff) is True
    assert changing.decline_change(request=request, answer="It is packed.", by=staff) is False
    assert changing.approve_change(request=request, by=staff) is False
    assert Registration.objects.get().members_count == 140
    (letter,) = Message.objects.all()
    assert (letter.template, letter.context["answer"]) == ("campaigns/change_declined", "It is packed.")


def test_a_change_is_not_made_once_the_box_has_left():
    registration = frozen()
    request = asked(registration)
    BoxFactory(registration=registration, shipped=True)
    with pytest.raises(changing.CannotAsk):
        changing.approve_change(request=request, by=StaffFactory())
    assert ChangeRequest.objects.get().status == "asked"
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_staff_who_decide_at_once_one_is_heard():
    request, one, two = asked(frozen()), StaffFactory(), StaffFactory()
    yes, no = ChangeRequest.objects.get(), ChangeRequest.objects.get()
    said = at_once(
        lambda: changing.approve_change(request=yes, by=one),
        lambda: changing.decline_change(request=no, answer="No", by=two),
    )
    assert sorted(said) == [False, True]
    assert Message.objects.count() == 1
    assert ChangeRequest.objects.get(pk=request.pk).status == ("approved" if said[0] else "declined")


@pytest.mark.django_db(transaction=True)
def test_of_two_colleagues_who_ask_at_once_one_waits():
    registration = frozen()

    def ask(count: int) -> bool:
        try:
            asked(registration, members_count=count)
        except changing.AskedAlready:
            return False
        return True

    assert sorted(at_once(lambda: ask(150), lambda: ask(160))) == [False, True]
    assert ChangeRequest.objects.count() == 1


def test_the_database_keeps_one_waiting_change():
    request = asked(frozen())
    with pytest.raises(IntegrityError, match="campaigns_changerequest_one_open"), transaction.atomic():
        ChangeRequest.objects.create(registration=request.registration, wanted={})


def test_a_local_asks_on_its_page_and_takes_it_back(client):
    registration = frozen()
    WeekTaskFactory(week=registration.week)
    colleague = ColleagueFactory(registration=registration)
    address = f"/registration/{colleague.key}/"
    assert f'href="{address}ask/"' in client.get(address).content.decode()
    assert 'value="501 Third Street NW"' in client.get(f"{address}ask/").content.decode()

    response = client.post(f"{address}ask/", {**TYPED, "why": "We grew"})

    assert (response.status_code, response["Location"]) == (303, address)
    request = ChangeRequest.objects.get()
    assert (request.asked_by, request.why, request.wanted["members_count"]) == ("Lee Park", "We grew", 1140)
    assert "You asked for a change." in client.get(address).content.decode()
    assert "Lee Park asked for it on" in client.get(f"{address}ask/").content.decode()
    assert client.post(f"{address}ask/", {**TYPED, "why": "Again"}).status_code == 303
    assert client.post(f"{address}ask/", {"take_back": "yes", "website": ""})["Location"] == address
    assert [each.status for each in ChangeRequest.objects.all()] == ["taken-back"]


def test_a_wrong_request_is_shown_again_with_all_that_was_typed(client):
    registration = frozen()
    response = client.post(f"{page_of(registration)}ask/", {**TYPED, "ship_zip": "1", "why": "We <grew>"})
    assert response.status_code == 422
    assert "We &lt;grew&gt;" in response.content.decode()
    assert not ChangeRequest.objects.exists()


def test_a_request_without_a_change_is_told_so(client):
    registration = frozen()
    details = registering.details_of(registration)
    same = {**TYPED, **{name: getattr(details, name) for name in TYPED if hasattr(details, name)}}
    same.pop("needs_staff_help")
    response = client.post(f"{page_of(registration)}ask/", same)
    assert response.status_code == 422
    assert "This is what we know already." in response.content.decode()


def test_before_the_freeze_the_page_leads_back(client):
    registration = RegistrationFactory()
    assert client.get(f"{page_of(registration)}ask/")["Location"] == page_of(registration)


def decide(client, request: ChangeRequest, **form):
    return client.post(f"/admin/campaigns/changerequest/{request.pk}/decide/", form, follow=True)


def test_staff_see_before_and_after_and_approve(client):
    registration = frozen()
    BoxFactory(registration=registration, status=Box.Status.PACKED)
    request = asked(registration, members_count=150, ship_city="Dayton")
    client.force_login(StaffFactory())

    page = client.get(f"/admin/campaigns/changerequest/{request.pk}/decide/").content.decode()
    for words in ("140", "150", "Washington", "Dayton", "We grew", "print the label and the slip again"):
        assert words in page
    response = decide(client, request, decision="approve", answer="")

    assert [str(message) for message in response.context["messages"]] == [f"{registration.local} gets a letter."]
    assert Registration.objects.get().members_count == 150
    again = decide(client, request, decision="decline", answer="Too late")
    assert [str(message) for message in again.context["messages"]] == ["This was decided before. Nothing changed."]


def test_a_no_of_staff_needs_a_reason(client):
    request = asked(frozen())
    client.force_login(StaffFactory())
    response = decide(client, request, decision="decline", answer="")
    assert response.status_code == 422
    assert "Please say why: the local reads it." in response.content.decode()
    assert ChangeRequest.objects.get().status == "asked"


def test_staff_cannot_make_a_change_whose_box_has_left(client):
    registration = frozen()
    request = asked(registration)
    BoxFactory(registration=registration, shipped=True)
    client.force_login(StaffFactory())
    assert decide(client, request, decision="approve").status_code == 422
    assert ChangeRequest.objects.get().status == "asked"


def test_who_may_not_change_registrations_decides_nothing(client):
    request = asked(frozen())
    client.force_login(StaffFactory(is_superuser=False))
    assert client.get(f"/admin/campaigns/changerequest/{request.pk}/decide/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_changes_asks_the_database_as_often_for_many_rows_as_for_one(
    client, django_assert_num_queries, rows
):
    client.force_login(StaffFactory())
    for _ in range(rows):
        asked(frozen())
    client.get("/admin/campaigns/changerequest/")
    with django_assert_num_queries(7):
        client.get("/admin/campaigns/changerequest/")


def test_staff_extend_the_freeze_of_one_local_within_reason(client):
    registration = frozen()
    client.force_login(StaffFactory())
    form = client.get(f"/admin/campaigns/registration/{registration.pk}/change/").context["adminform"].form
    assert "extended_until" in form.fields
    for wrong in (day(-2), day(31)):
        bound = type(form)({**form.initial, "extended_until": wrong}, instance=registration)
        assert bound.errors["extended_until"] == [
            "Its own freeze day lies between the week's freeze day and the week itself."
        ]
    assert "extended_until" not in type(form)({**form.initial, "extended_until": day(2)}, instance=registration).errors


def test_what_a_local_asked_for_goes_along_with_its_data():
    registration = frozen()
    asked(registration)
    (kept,) = personal_data.of_mailbox(registration.email_key)
    (change,) = kept["changes_asked"]
    assert (change["wanted"], change["why"], change["asked_by"]) == ({"members_count": 150}, "We grew", "Ada Reyes")


def test_a_change_and_its_letter_are_one_act():
    request = asked(frozen())
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        changing.approve_change(request=request, by=StaffFactory())
        raise RuntimeError("killed")
    assert Registration.objects.get().members_count == 140
    assert ChangeRequest.objects.get().status == "asked"
    assert not Message.objects.exists()
