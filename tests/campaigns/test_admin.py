"""What staff do, through the pages they do it on."""

import csv
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from campaigns.models import Box, Registration, WeekOfAction
from csan.lib.addresses import email_key
from members.models import Message
from tests.campaigns.factories import (
    BoxFactory,
    CampaignFactory,
    OtherContactFactory,
    RegistrationFactory,
    WeekFactory,
    WeekTaskFactory,
)
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db

REGISTRATIONS = "/admin/campaigns/registration/"
BOXES = "/admin/campaigns/box/"


@pytest.fixture
def staff(client):
    """A superuser who is logged in."""
    person = StaffFactory()
    client.force_login(person)
    return person


@pytest.fixture
def clerk(client):
    """Somebody who may see registrations and boxes, and nothing else."""
    person = StaffFactory(is_superuser=False)
    codes = ["view_registration", "view_box"]
    person.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client.force_login(person)
    return person


def act(client, page: str, name: str, *rows):
    """Choose rows of a list and do something with them; the page that follows."""
    return client.post(page, {"action": name, "_selected_action": [row.pk for row in rows]}, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def corrected(registration, **changes) -> dict[str, object]:
    """The registration's own page as it would be posted."""
    names = (
        "members_count",
        "contact_name",
        "contact_role",
        "email",
        "phone",
        "language",
        "notes",
    )
    values = {name: getattr(registration, name) for name in names}
    inline = {"other_contacts-TOTAL_FORMS": 0, "other_contacts-INITIAL_FORMS": 0}
    place = registration.place
    columns = ("id", "name", "address1", "address2", "city", "state", "zip_code", "receiving_hours", "label")
    main = {f"places-0-{name}": getattr(place, name) for name in columns}
    places = {"places-TOTAL_FORMS": 1, "places-INITIAL_FORMS": 1, "places-0-registration": registration.pk, **main}
    return {**values, **inline, **places, **changes}


def test_what_waits_for_a_decision_stands_first(client, staff):
    approved, older, newer = RegistrationFactory(approved=True), RegistrationFactory(), RegistrationFactory()
    listed = client.get(REGISTRATIONS).context["cl"].result_list
    assert list(listed) == [older, newer, approved]


def test_staff_approve_by_the_list_after_they_have_read_how_many_and_who_is_left_out(client, staff):
    known = {"local__state": "NY", "local__district": "1"}
    rows = [RegistrationFactory(**known), RegistrationFactory(**known), RegistrationFactory(approved=True, **known)]
    rows.append(RegistrationFactory(local__number="77777"))

    asked = act(client, REGISTRATIONS, "approve", *rows)
    assert [row.pk for row in asked.context["ready"]] == [rows[0].pk, rows[1].pk]
    assert [(row.pk, why) for row, why in asked.context["skipped"]] == [
        (rows[2].pk, ["it is approved"]),
        (rows[3].pk, ["the local is not in the directory"]),
    ]
    assert (Registration.objects.filter(status="approved").count(), Message.objects.count()) == (1, 0)

    form = {"action": "approve", "confirmed": "yes", "_selected_action": [row.pk for row in rows]}
    done = client.post(REGISTRATIONS, form, follow=True)
    assert said(done) == ["2 registrations approved, 2 left out."]
    assert said(client.post(REGISTRATIONS, form, follow=True)) == ["0 registrations approved, 4 left out."]

    assert Registration.objects.filter(status="approved").count() == 3
    assert Message.objects.filter(template="campaigns/registration_approved").count() == 2
    assert LogEntry.objects.filter(user=staff, change_message="Approved").count() == 2


def test_staff_decline_by_the_list(client, staff):
    assert said(act(client, REGISTRATIONS, "decline", RegistrationFactory())) == ["1 registration declined."]
    assert Registration.objects.get().status == "declined"


def test_staff_make_a_box_and_say_how_it_left(client, staff):
    registration = RegistrationFactory(approved=True)

    assert said(act(client, REGISTRATIONS, "create_boxes", registration)) == ["1 box created."]
    assert said(act(client, REGISTRATIONS, "create_boxes", registration)) == ["0 boxes created."]
    box = Box.objects.get()
    assert said(act(client, BOXES, "mark_packed", box)) == ["1 box marked as packed."]
    page = client.get(f"{BOXES}{box.pk}/ship/").content.decode()
    assert "501 Third Street NW" in page
    form = {"carrier": "ups", "tracking_number": " 1z 999 aa1 "}
    first = client.post(f"{BOXES}{box.pk}/ship/", form, follow=True)
    second = client.post(f"{BOXES}{box.pk}/ship/", form, follow=True)

    assert said(first) == [f"Box {box} is marked as shipped. {registration.local} gets a letter."]
    assert said(second) == [f"Box {box} has left already, or its registration is no longer approved. Nothing changed."]
    box.refresh_from_db()
    assert (box.status, box.tracking_number) == ("shipped", "1Z999AA1")
    assert Message.objects.filter(template="campaigns/box_shipped").count() == 1
    assert client.get(f"{BOXES}{box.pk}/ship/").status_code == 302
    assert said(act(client, BOXES, "mark_delivered", box))[-1] == "1 box marked as delivered."


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"carrier": "ups", "tracking_number": "1Z999"}, "Another box has this tracking number."),
        ({"carrier": "ups", "tracking_number": "?!"}, "A tracking number has 4 to 40 letters and digits."),
        ({"carrier": "mule", "tracking_number": "1Z777"}, "Select a valid choice."),
        ({"carrier": "ups", "tracking_number": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_shipped_so_is_said_on_the_form(client, staff, form, words):
    BoxFactory(shipped=True, tracking_number="1Z999")
    box = BoxFactory()
    response = client.post(f"{BOXES}{box.pk}/ship/", form)
    assert response.status_code == 422
    assert words in response.content.decode()
    box.refresh_from_db()
    assert box.status == "planned"


@pytest.mark.parametrize(("name", "state"), [("mark_lost", "lost"), ("mark_returned", "returned")])
def test_staff_say_that_a_box_did_not_arrive(client, staff, name, state):
    assert said(act(client, BOXES, name, BoxFactory(shipped=True))) == [f"1 box marked as {state}."]


def test_staff_see_who_else_registered_and_what_they_typed(client, staff):
    other = OtherContactFactory(name="Sam Ortiz", typed=[{"notes": "Ask for Sam", "members_count": 9, "tasks": []}])
    page = client.get(f"{REGISTRATIONS}{other.registration.pk}/change/").content.decode()
    assert "Sam Ortiz" in page
    assert "members_count: 9, notes: Ask for Sam" in page


def test_staff_correct_a_slip_and_only_that_is_written(client, staff):
    registration = RegistrationFactory()
    address = f"{REGISTRATIONS}{registration.pk}/change/"
    response = client.post(address, corrected(registration, email="Ada.New@Example.org", status="approved"))
    assert response.status_code == 302
    after = Registration.objects.get()
    assert (after.email, after.email_key) == ("ada.new@example.org", email_key("ada.new@example.org"))
    assert (after.status, after.members_count) == ("received", 140)


def test_an_address_that_is_none_is_refused(client, staff):
    registration = RegistrationFactory()
    address = f"{REGISTRATIONS}{registration.pk}/change/"
    assert client.post(address, corrected(registration, email="ada@nowhere")).status_code == 200
    assert Registration.objects.get().email == registration.email


@pytest.mark.parametrize(("button", "state"), [("approve_this", "approved"), ("decline_this", "declined")])
def test_staff_decide_on_the_registration_s_own_page(client, staff, button, state):
    registration = RegistrationFactory()
    form = corrected(registration, members_count=150, **{f"campaigns_registration_{button}": "1"})
    response = client.post(f"{REGISTRATIONS}{registration.pk}/change/", form, follow=True)
    assert f"1 registration {state}." in said(response)
    after = Registration.objects.get()
    assert (after.status, after.members_count) == (state, 150)


def test_the_export_has_a_line_a_local_and_is_recorded(client, staff):
    box = BoxFactory(shipped=True, tracking_number="1Z999")
    box.registration.tasks.add(WeekTaskFactory(week=box.registration.week, code="letter"))
    evil = RegistrationFactory(contact_name="=HYPERLINK(1)")

    response = client.post(REGISTRATIONS, {"action": "export", "_selected_action": [box.registration.pk, evil.pk]})

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(StringIO(b"".join(response).decode())))
    assert [line["contact"] for line in lines] == ["'=HYPERLINK(1)", "Ada Reyes"]
    assert [line["box"] for line in lines] == ["", box.code]
    assert (lines[1]["tasks"], lines[1]["tracking_number"]) == ("letter", "1Z999")
    assert LogEntry.objects.filter(user=staff, change_message="Exported").count() == 2


@pytest.mark.parametrize(
    ("box", "found"), [("", {"none", "planned", "shipped"}), ("none", {"none"}), ("shipped", {"shipped"})]
)
def test_the_list_is_filtered_by_what_became_of_the_box(client, staff, box, found):
    rows = {
        "none": RegistrationFactory(),
        "planned": BoxFactory().registration,
        "shipped": BoxFactory(shipped=True).registration,
    }
    listed = client.get(REGISTRATIONS, {"box": box} if box else {}).context["cl"].result_list
    assert set(listed) == {rows[name] for name in found}


@pytest.mark.parametrize("name", ["approve", "decline", "create_boxes", "export"])
def test_who_may_only_look_at_registrations_cannot_act(client, clerk, name):
    registration = RegistrationFactory(approved=name == "create_boxes")
    before = registration.status
    act(client, REGISTRATIONS, name, registration)
    assert Registration.objects.get().status == before
    assert (Box.objects.count(), LogEntry.objects.count()) == (0, 0)


def test_who_may_only_look_at_boxes_cannot_move_them(client, clerk):
    box = BoxFactory()
    act(client, BOXES, "mark_packed", box)
    form = {"carrier": "ups", "tracking_number": "1Z999"}
    assert client.post(f"{BOXES}{box.pk}/ship/", form).status_code == 403
    assert Box.objects.get().status == "planned"


def test_nobody_types_a_registration_or_a_box_into_the_admin(client, staff):
    assert client.get(f"{REGISTRATIONS}add/").status_code == 403
    assert client.get(f"{BOXES}add/").status_code == 403
    box = BoxFactory()
    assert client.post(f"{BOXES}{box.pk}/change/", {"status": "shipped"}).status_code == 403


def test_staff_make_a_week_with_its_tasks(client, staff):
    days = ("register_by", "freeze_on", "ship_by", "starts_on", "ends_on", "report_by")
    form = {
        "year": 2031,
        "theme": "Good jobs",
        "intro": "Together.",
        **{name: f"2031-10-{number:02d}" for number, name in enumerate(days, start=1)},
        "published_at_0": "",
        "published_at_1": "",
        "illustration": "box",
        "toolkit-TOTAL_FORMS": 0,
        "toolkit-INITIAL_FORMS": 0,
        "photos-TOTAL_FORMS": 0,
        "photos-INITIAL_FORMS": 0,
        "kit_rules-TOTAL_FORMS": 0,
        "kit_rules-INITIAL_FORMS": 0,
        "tasks-TOTAL_FORMS": 1,
        "tasks-INITIAL_FORMS": 0,
        "tasks-0-title": "Petition drive",
        "tasks-0-code": "petition-drive",
        "tasks-0-position": 1,
    }
    assert client.post("/admin/campaigns/weekofaction/add/", form).status_code == 302
    week = WeekOfAction.objects.get()
    assert [task.code for task in week.tasks.all()] == ["petition-drive"]

    disorder = {**form, "year": 2032, "freeze_on": "2031-12-01"}
    response = client.post("/admin/campaigns/weekofaction/add/", disorder)
    assert "The days must come in this order" in response.content.decode()


def test_the_weeks_tell_their_numbers(client, staff):
    week = WeekFactory()
    BoxFactory(registration=RegistrationFactory(week=week, approved=True, members_count=10))
    BoxFactory(registration=RegistrationFactory(week=week, approved=True, members_count=30), shipped=True)
    lost = RegistrationFactory(week=week, approved=True, members_count=2)
    BoxFactory(registration=lost, shipped=True, status="lost")
    BoxFactory(registration=lost, shipped=True)
    RegistrationFactory(week=week, members_count=100)
    (row,) = client.get("/admin/campaigns/weekofaction/").context["cl"].result_list
    assert (row.waiting, row.approved, row.members, row.boxes_left) == (1, 3, 42, 2)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("page", "make", "queries"),
    [
        (REGISTRATIONS, lambda: BoxFactory().registration, 8),
        (BOXES, lambda: BoxFactory(shipped=True), 7),
        ("/admin/campaigns/weekofaction/", lambda: BoxFactory().registration.week, 5),
        ("/admin/campaigns/campaign/", CampaignFactory, 5),
    ],
)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(
    client, staff, django_assert_num_queries, rows, page, make, queries
):
    for _ in range(rows):
        make()
    client.get(page)
    with django_assert_num_queries(queries):
        assert client.get(page).status_code == 200
