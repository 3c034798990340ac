"""What a week came to: the numbers, the PDF, the cost for each member reached."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from campaigns.desk import after_action, after_action_pages
from campaigns.models import Box, StaffDistricts, WeekOfAction
from campaigns.reports import moderating, report_photos, reporting
from csan.lib.pictures import plain
from members.models import Local
from tests.campaigns.factories import (
    BoxFactory,
    BoxLineFactory,
    ItemFactory,
    RegistrationFactory,
    WeekFactory,
    WeekTaskFactory,
    day,
)
from tests.members.factories import StaffFactory
from tests.pictures import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def week():
    return WeekFactory(
        theme="Good jobs", register_by=day(-40), freeze_on=day(-35), ship_by=day(-20), starts_on=day(-8),
        ends_on=day(-1), report_by=day(20),
    )  # fmt: skip


def taking_part(week, state, members, district="1"):
    registration = RegistrationFactory(week=week, approved=True, members_count=members)
    Local.objects.filter(pk=registration.local_id).update(state=state, district=district)
    return registration


@pytest.fixture
def told(week):
    """Three locals: one was sent a box and told all, one took part without a box, one was silent and its box lost."""
    task = WeekTaskFactory(week=week, code="drive", title="Petition drive")
    item = ItemFactory(sku="button", name="Buttons")
    first, second, third = (taking_part(week, *each) for each in (("NY", 140), ("PA", 60, "2"), ("NY", 900)))
    for each in (first, third):
        each.tasks.add(task)
    BoxLineFactory(box=BoxFactory(registration=first, shipped=True), item=item, quantity=150)
    lost = BoxFactory(registration=third, shipped=True)
    Box.objects.filter(pk=lost.pk).update(status="lost")
    reporting.tell_task(registration=first, task=task, was_done=True, number=1200)
    reporting.tell_items(registration=first, told={item.pk: (30, 0)})
    reporting.tell_headcount(registration=first, headcount=40)
    report_photos.add(registration=first, photo=plain(photo()), alt="A red table.", has_consent=True)
    for each in (first, second):
        reporting.tell_took_part(registration=each, took_part=True)
        report = reporting.tell_words(registration=each, sentence="Forty of us signed.", may_be_shown=each == first)
        reporting.finish(registration=each)
        if each == first:
            report.refresh_from_db()
            moderating.approve_photo(photo=report.photos.get(), by=StaffFactory())
            moderating.approve(report=report, by=StaffFactory())
    return first


def test_the_numbers_are_those_of_the_rows(told, week):
    found = after_action.gather(week)
    assert (found.registered, found.shipped, found.reported, found.took_part) == (3, 1, 2, 2)
    assert (found.members, found.reached, found.people, found.withdrawn) == (1100, 200, 40, 0)
    assert found.tasks == [after_action.Task("Petition drive", pledged=2, told=1, done=1, number=1200)]
    assert found.states == [after_action.State("NY", 2, 1), after_action.State("PA", 1, 1)]
    assert found.quotes == [("Forty of us signed.", str(told.local))]
    assert [(item.sku, use.sent, use.left_over) for item, use in found.items] == [("button", 150, 30)]
    assert found.boxes == after_action.Boxes(left=2, delivered=0, lost=1, returned=0, late=2)


def test_the_numbers_ask_as_often_for_three_locals_as_for_one(week, django_assert_num_queries):
    taking_part(week, "NY", 10)
    with django_assert_num_queries(17):
        after_action.gather(week)
    taking_part(week, "PA", 10)
    taking_part(week, "TX", 10)
    with django_assert_num_queries(17):
        after_action.gather(week)


@pytest.mark.parametrize(
    ("costs", "total", "each", "words"),
    [
        ((None, None, None), None, None, "Not known: no cost is entered yet."),
        (("900.00", "100.00", "0"), "1000.00", "5.00", "$5.00 (200 members reached for $1,000.00)"),
        (("0.99", None, None), "0.99", "0.00", "$0.00 (200 members reached for $0.99, of what is entered so far)"),
        (("1.00", "0", "0"), "1.00", "0.01", "$0.01 (200 members reached for $1.00)"),
    ],
)
def test_what_a_member_reached_has_cost(admin_client, told, week, costs, total, each, words):
    names = ("postage_cost", "printing_cost", "other_cost")
    WeekOfAction.objects.update(**dict(zip(names, costs, strict=True)))
    week.refresh_from_db()
    cost = after_action.cost_of(week)
    assert (cost.total, cost.per_member) == tuple(value and Decimal(value) for value in (total, each))
    assert words in admin_client.get(f"/admin/campaigns/weekofaction/{week.pk}/change/").content.decode()


def test_where_nobody_was_reached_nothing_is_divided(admin_client, week):
    WeekOfAction.objects.update(postage_cost="12.00")
    html = admin_client.get(f"/admin/campaigns/weekofaction/{week.pk}/after-action/").content.decode()
    assert "$12.00 in all; no member has been reached yet." in html


@pytest.mark.parametrize("name", ["postage_cost", "printing_cost", "other_cost"])
def test_the_database_refuses_a_cost_below_nothing(week, name):
    with pytest.raises(IntegrityError, match=f"weekofaction_{name}"), transaction.atomic():
        WeekOfAction.objects.update(**{name: -1})


def text_of(file) -> tuple[str, PdfReader]:
    pages = PdfReader(file)
    return " ".join(" ".join(page.extract_text() for page in pages.pages).split()), pages


def test_the_pdf_says_it_all_and_has_the_photo(told, week):
    WeekOfAction.objects.update(postage_cost="900.00", printing_cost="100.00", other_cost="0")
    week.refresh_from_db()
    text, pages = text_of(after_action_pages.draw(after_action.gather(week)))
    for words in (
        f"What Week of Action {week.year} came to", "3 locals registered", "200 members reached",
        "Petition drive 2 1 1 1,200",
        "New York 2 1", "Pennsylvania 1 1", "Buttons 1 150 30 0", "Lost 1", "In all $1,000.00",
        "For each member reached, of 200 $5.00", "“Forty of us signed.”", str(told.local), "A red table.",
    ):  # fmt: skip
        assert words in text, words
    assert told.contact_name not in text
    assert len([image for page in pages.pages for image in page.images]) == 1
    assert pages.metadata.title == f"What Week of Action {week.year} came to"


def test_a_week_of_which_nothing_is_known_has_a_page_too(week):
    text, pages = text_of(after_action_pages.draw(after_action.gather(week)))
    assert ("0 locals registered" in text, "In all not known" in text, len(pages.pages)) == (True, True, 1)


def test_staff_download_it_and_those_of_a_district_read_of_theirs_only(admin_client, client, told, week):
    at = f"/admin/campaigns/weekofaction/{week.pk}/after-action"
    assert f"{at}.pdf" in admin_client.get(f"{at}/").content.decode()
    answer = admin_client.get(f"{at}.pdf")
    assert answer["Content-Disposition"] == f'attachment; filename="week-of-action-{week.year}.pdf"'
    staff = StaffFactory(is_superuser=False)
    client.force_login(staff)
    assert client.get(f"{at}.pdf").status_code == 403
    staff.user_permissions.set(Permission.objects.filter(codename__in=["view_report", "view_weekofaction"]))
    StaffDistricts.objects.create(user=staff, districts=["2"])
    assert "2 registrations of others are not counted" in client.get(f"{at}/").content.decode()
    text, _ = text_of(BytesIO(b"".join(client.get(f"{at}.pdf").streaming_content)))
    assert ("Only the locals of these districts: 2." in text, "1 local registered" in text) == (True, True)
