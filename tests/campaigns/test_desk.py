"""The desk's pages: the queue, the locals not yet in, the first page."""

import csv
from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from campaigns.desk import duplicates
from campaigns.models import SettledReason, StaffDistricts
from members.models import Message
from tests.campaigns.factories import BoxFactory, OtherContactFactory, RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/registration/"
QUEUE = f"{LIST}attention/"
NOT_IN = f"{LIST}not-in/"


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def staff(client):
    person = StaffFactory()
    client.force_login(person)
    return person


@pytest.fixture
def clerk(client):
    """Somebody of district 1 who may only look."""
    person = StaffFactory(is_superuser=False)
    person.user_permissions.set(Permission.objects.filter(codename="view_registration"))
    StaffDistricts.objects.create(user=person, districts=["1"])
    client.force_login(person)
    return person


def known(**values):
    return RegistrationFactory(**{"local__district": "1", "local__state": "NY", **values})


def test_the_queue_shows_the_reasons_of_the_week_and_one_is_settled_there(client, staff):
    week = WeekFactory(year=2026)
    fast = known(week=week, suspicion=1)
    known(week=week, needs_staff_help=True)
    known(week=week)
    known(week=WeekFactory(year=2025), suspicion=1)

    page = client.get(QUEUE)
    assert [(row.pk, details) for row, details, _ in page.context["rows"]] == [
        (fast.pk, ["filled in faster than a person types"]),
        (fast.pk + 1, ["asks for a call"]),
    ]
    assert [(reason.code, count) for reason, count in page.context["reasons"]] == [("fast", 1), ("help", 1)]
    assert [row.pk for row, _, _ in client.get(QUEUE, {"reason": "fast"}).context["rows"]] == [fast.pk]
    assert len(client.get(QUEUE, {"week": "2025"}).context["rows"]) == 1
    assert client.get(QUEUE, {"week": "1999"}).status_code == 404

    form = {"registration": fast.pk, "do": "settle", "code": "fast"}
    done = client.post(f"{QUEUE}?reason=fast", form, follow=True)
    assert (said(done), done.redirect_chain) == ([f"Settled for {fast.local}."], [(f"{QUEUE}?reason=fast", 303)])
    assert SettledReason.objects.get().by == staff
    assert [row.pk for row, _, _ in client.get(QUEUE).context["rows"]] == [fast.pk + 1]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_however_long_it_is(client, staff, django_assert_num_queries, rows):
    week = WeekFactory()
    for _ in range(rows):
        known(week=week, suspicion=1, needs_staff_help=True)
    with django_assert_num_queries(5):  # session, user, week, counts by reason, rows
        client.get(QUEUE)


@pytest.mark.parametrize("rows", [1, 3])
def test_so_does_the_list_with_the_reasons_of_each(client, staff, django_assert_num_queries, rows):
    week = WeekFactory()
    for _ in range(rows):
        known(week=week, suspicion=1)
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_the_list_is_filtered_by_reason(client, staff):
    fast, helped = known(suspicion=1), known(needs_staff_help=True)
    known()
    for value, found in (("any", [fast, helped]), ("help", [helped]), ("change", [])):
        assert list(client.get(LIST, {"attention": value}).context["cl"].result_list) == found
    assert client.get(LIST, {"attention": "nonsense"}).context["cl"].result_count == 3


def test_a_registrations_page_says_why_and_staff_plan_a_call_there(client, staff):
    registration = known(suspicion=1)
    page = client.get(f"{LIST}{registration.pk}/change/").content.decode()
    assert "filled in faster than a person types" in page

    desk = f"{LIST}{registration.pk}/desk/"
    form = {"do": "plan", "plan-about": "fast", "plan-due_on": "2030-01-02", "plan-note": "Ask Ada."}
    assert said(client.post(desk, form, follow=True)) == ["The call is planned."]
    assert said(client.post(desk, {**form, "plan-due_on": ""}, follow=True)) == [
        "The call was not planned: say about what, and on which day."
    ]
    call = registration.calls.get()
    assert (call.about, str(call.due_on), call.note, call.by) == ("fast", "2030-01-02", "Ask Ada.", staff)
    assert said(client.post(desk, {"do": "settle", "code": "fast"}, follow=True)) == ["Settled."]
    assert said(client.post(desk, {"do": "settle", "code": "change"}, follow=True)) == [
        "This goes only by what is done about it."
    ]
    assert client.get(desk).status_code == 403


def test_locals_not_yet_in_stand_by_district_with_the_members_nobody_reaches(client, staff):
    week = WeekFactory(year=2026)
    large = LocalFactory(number="1", district="1", state="NY", size=900)
    told = LocalFactory(number="2", district="1", state="NY")
    unknown = LocalFactory(number="3", district="6", state="TX")
    LocalFactory(number="typed")
    RegistrationFactory(local=told, week=WeekFactory(year=2024), approved=True, members_count=50, contact_name="Old")
    RegistrationFactory(local=told, week=WeekFactory(year=2025), approved=True, members_count=70, contact_name="Sam")
    known(week=week, local__size=5000)

    page = client.get(NOT_IN)
    shown = [(each.name, list(each.locals), each.members, each.unknown) for each in page.context["districts"]]
    assert shown == [("1", [large, told], 970, 0), ("6", [unknown], 0, 1)]
    assert (page.context["locals"], page.context["members"]) == (3, 970)

    answer = client.post(NOT_IN)
    lines = list(csv.DictReader(StringIO(b"".join(answer).decode())))
    assert [(line["local"], line["members"], line["last_year"], line["contact"]) for line in lines] == [
        ("1", "900", "", ""),
        ("2", "70", "2025", "Sam"),
        ("3", "", "", ""),
    ]
    assert LogEntry.objects.get(user=staff).change_message == "Exported locals not yet in (locals: 3)"


@pytest.mark.parametrize("rows", [1, 3])
def test_locals_not_yet_in_cost_one_query(client, staff, django_assert_num_queries, rows):
    WeekFactory()
    for number in range(rows):
        LocalFactory(number=str(number), district=str(number), state="NY")
    with django_assert_num_queries(4):  # session, user, week, locals
        client.get(NOT_IN)


def test_who_looks_after_a_district_sees_its_part_and_how_much_is_hidden(client, clerk):
    week = WeekFactory()
    mine = known(week=week, suspicion=1)
    known(week=week, suspicion=1, local__district="6")
    LocalFactory(number="8", district="6", state="TX")
    queue = client.get(QUEUE)
    assert ([row.pk for row, _, _ in queue.context["rows"]], queue.context["hidden_count"]) == ([mine.pk], 1)
    page = client.get(NOT_IN)
    assert (page.context["districts"], page.context["hidden_count"]) == ([], 2)


def test_who_may_only_look_changes_and_takes_nothing(client, clerk):
    registration = known(suspicion=1)
    form = {"registration": registration.pk, "do": "settle", "code": "fast"}
    assert client.post(QUEUE, form).status_code == 403
    assert client.post(f"{LIST}calls/", {"call": "1", "note": "x"}).status_code == 403
    assert client.post(f"{LIST}{registration.pk}/desk/", form).status_code == 403
    assert client.post(NOT_IN).status_code == 403
    assert "It is in order" not in client.get(QUEUE).content.decode()
    assert "Send again" not in client.get(f"{LIST}{registration.pk}/change/").content.decode()
    assert SettledReason.objects.count() == 0


def test_who_may_see_no_registrations_sees_none_of_it(client):
    client.force_login(StaffFactory(is_superuser=False))
    for address in (QUEUE, NOT_IN, f"{LIST}calls/"):
        assert client.get(address).status_code == 403
    assert client.get("/admin/").context["week_today"] is None


def test_pages_open_while_there_is_no_week(client, staff):
    for address in (QUEUE, NOT_IN, f"{LIST}calls/", "/admin/"):
        assert client.get(address).status_code == 200


def test_the_first_page_says_how_the_week_stands(client, clerk):
    week = WeekFactory()
    known(week=week, suspicion=1)
    BoxFactory(registration=known(week=week, approved=True), shipped=True)
    known(week=week, local__district="6")
    page = client.get("/admin/")
    today = page.context["week_today"]
    figures = (today.to_approve, today.need_attention, today.calls, today.approved, today.boxes_left, today.boxes)
    assert (today.week, figures) == (week, (1, 1, 0, 1, 1, 1))
    assert "boxes have left" in page.content.decode()


def test_what_others_typed_for_the_same_local_stands_beside_the_registration(client, staff):
    registration = known(contact_name="Ada Reyes", phone="202-555-0134", members_count=140)
    assert duplicates.side_by_side(registration) == []
    typed = {"contact_name": "Sam Ortiz", "phone": "202-555-0134", "members_count": 90, "tasks": ["letter"],
             "ship_city": "Washington", "needs_staff_help": True}  # fmt: skip
    OtherContactFactory(registration=registration, name="Sam", email="sam@example.org", typed=[{"phone": "1"}, typed])

    rows = {row.label: (row.answers, row.differs) for row in duplicates.side_by_side(registration)}
    assert rows["contact"] == (["Ada Reyes", "Sam Ortiz"], True)
    assert rows["e-mail"] == ([registration.email, "sam@example.org"], True)
    assert rows["telephone"] == (["202-555-0134", "202-555-0134"], False)
    assert rows["members"] == (["140", "90"], True)
    assert rows["city"] == (["Washington", "Washington"], False)
    assert rows["tasks"] == (["", "letter"], True)
    assert rows["asks for help"] == (["", "yes"], True)
    assert "suite, floor" not in rows
    page = client.get(f"{LIST}{registration.pk}/change/").content.decode()
    assert "Side by side with what others typed" in page
    assert "somebody else registered this local too" in page


def test_the_local_is_asked_about_an_address_once_and_again_about_another_one(client, staff):
    registration = known(main_place__verdict="unsafe", main_place__address1="PO Box 5", email="ada@example.org")
    desk = f"{LIST}{registration.pk}/desk/"
    assert "Write to the local" in client.get(f"{LIST}{registration.pk}/change/").content.decode()

    before = "The local was asked about this address before. Call, or send it again below."
    assert said(client.post(desk, {"do": "ask"}, follow=True)) == ["A letter asks the local about its address."]
    assert said(client.post(desk, {"do": "ask"}, follow=True)) == [before]
    letter = Message.objects.get()
    assert (letter.template, letter.to) == ("campaigns/address_problem", "ada@example.org")
    assert letter.context["ship_lines"] == ["Ada Reyes", "PO Box 5", "Washington, DC 20001"]
    assert LogEntry.objects.get(user=staff).change_message == "Asked about the address"

    registration.places.update(address1="PO Box 6")
    assert said(client.post(desk, {"do": "ask"}, follow=True)) == ["A letter asks the local about its address."]
    registration.places.update(judged_by_staff=True)
    assert said(client.post(desk, {"do": "ask"}, follow=True)) == ["The address is in no doubt any more."]
    assert Message.objects.count() == 2
