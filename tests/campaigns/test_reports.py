"""What a local tells after the week, answer by answer."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from campaigns.models import ItemReport, Registration, Report, StaffDistricts, TaskReport
from campaigns.reports import moderating, report_photos, reporting
from csan.lib.pictures import plain
from members.models import Local, Message
from tests.campaigns.crowd import at_once
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
        register_by=day(-40),
        freeze_on=day(-35),
        ship_by=day(-20),
        starts_on=day(-8),
        ends_on=day(-1),
        report_by=day(20),
    )


@pytest.fixture
def local(week):
    """Takes part, and got twelve of one thing."""
    registration = RegistrationFactory(week=week, approved=True)
    BoxLineFactory(box=BoxFactory(registration=registration, shipped=True), item=ItemFactory(sku="button"))
    WeekTaskFactory(week=week, code="drive", title="Petition drive")
    return registration


def page(registration, step="") -> str:
    return f"/registration/{registration.key}/report/{step}"


ANSWERS = (
    ("took-part/", {"took_part": "yes"}),
    ("task-drive/", {"was_done": "yes", "number": "140", "evidence": "Food Lion, Main St"}),
    ("headcount/", {"headcount": "40"}),
    ("things/", {}),
    ("words/", {"sentence": "Forty of us signed before lunch.", "may_be_shown": "on"}),
)


def answer_all(client, local):
    item = local.boxes.get().lines.get().item
    for step, told in ANSWERS:
        more = {f"left_{item.pk}": "3"} if step == "things/" else {}
        assert client.post(page(local, step), {**told, **more}).status_code == 303
    return client.post(page(local))


def test_each_answer_is_kept_and_leads_to_the_next_question(client, local):
    leads = [client.post(page(local, step), told).url.split("/report/")[1] for step, told in ANSWERS]
    assert leads == ["task-drive/", "headcount/", "things/", "photos/", ""]
    report = Report.objects.get()
    assert (report.took_part, report.headcount, report.sentence) == (True, 40, "Forty of us signed before lunch.")
    task = TaskReport.objects.get()
    assert (task.was_done, task.number, task.evidence) == (True, 140, "Food Lion, Main St")


def test_who_comes_back_sees_what_was_answered(client, local):
    client.post(page(local, "headcount/"), {"headcount": "40"})
    assert 'value="40"' in client.get(page(local, "headcount/")).content.decode()
    assert client.get(page(local)).content.decode().count("answered") == 1


def test_looking_writes_nothing(client, local):
    for step in ("", "took-part/", "task-drive/", "things/"):
        assert client.get(page(local, step)).status_code == 200
    assert Report.objects.count() == 0


def test_the_end_thanks_once_and_can_be_corrected_until_staff_have_read_it(client, local):
    answer_all(client, local)
    client.post(page(local))
    assert Message.objects.filter(template="campaigns/report_thanks").count() == 1
    client.post(page(local, "headcount/"), {"headcount": "41"})
    report = moderating.approve(report=Report.objects.get(), by=StaffFactory())
    assert client.post(page(local, "headcount/"), {"headcount": "42"}).url == page(local)
    report.refresh_from_db()
    assert report.headcount == 41


def test_the_first_question_must_be_answered_before_the_end(client, local):
    assert client.post(page(local)).url == page(local, "took-part/")
    assert Report.objects.filter(finished_at__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("step", "told", "words"),
    [
        ("took-part/", {}, "choose yes or no"),
        ("task-drive/", {"was_done": "yes", "number": "many"}, "type a number"),
        ("headcount/", {"headcount": "-1"}, "type a number"),
        ("headcount/", {"headcount": "9999999"}, "too large"),
        ("words/", {"sentence": "See www.example.com"}, "web addresses"),
    ],
)
def test_a_wrong_answer_is_said(client, local, step, told, words):
    answer = client.post(page(local, step), told)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Report.objects.count() == 0


def test_a_question_there_is_not_is_not_found(client, local):
    assert client.get(page(local, "task-other/")).status_code == 404


def test_before_the_week_and_after_a_withdrawal_nobody_reports(client, local):
    Registration.objects.filter(pk=local.pk).update(status="declined", declined_at=timezone.now(), approved_at=None)
    with pytest.raises(reporting.NotTakingPart):
        reporting.tell_headcount(registration=local, headcount=4)
    other = RegistrationFactory(approved=True)
    assert client.get(page(other, "headcount/")).url == page(other)
    with pytest.raises(reporting.TooEarly):
        reporting.tell_headcount(registration=other, headcount=4)


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_answer_at_once_write_one_report(local):
    task = local.week.tasks.get()
    at_once(
        lambda: reporting.tell_headcount(registration=local, headcount=4),
        lambda: reporting.tell_took_part(registration=local, took_part=True),
        lambda: reporting.tell_task(registration=local, task=task, was_done=True),
        lambda: reporting.tell_task(registration=local, task=task, was_done=True),
    )
    report = Report.objects.get()
    assert (report.headcount, report.took_part, report.tasks.count()) == (4, True, 1)


# The wall


def test_the_wall_shows_who_agreed_once_staff_have_read_it(client, local):
    answer_all(client, local)
    wall = f"/week-of-action/{local.week.year}/wall/"
    assert "before lunch" not in client.get(wall).content.decode()
    moderating.approve(report=Report.objects.get(), by=StaffFactory())
    html = client.get(wall).content.decode()
    assert all(words in html for words in ("before lunch", str(local.local), "Petition drive: 140", "40 people"))
    assert local.contact_name not in html


def test_who_did_not_agree_is_never_shown(client, local):
    reporting.tell_words(registration=local, sentence="Not for all eyes.", may_be_shown=False)
    with pytest.raises(moderating.NotAgreed):
        moderating.approve(report=Report.objects.get(), by=StaffFactory())


def test_staff_put_on_the_wall_and_take_off(admin_client, local):
    reporting.tell_words(registration=local, sentence="Good.", may_be_shown=True)
    report = Report.objects.get()
    for name, is_shown in (("show", True), ("hide", False)):
        admin_client.post("/admin/campaigns/report/", {"action": name, "_selected_action": [report.pk]})
        report.refresh_from_db()
        assert bool(report.approved_at) is is_shown
    assert LogEntry.objects.filter(object_id=str(report.pk)).count() == 2


def test_the_wall_asks_as_often_for_three_as_for_one(client, local, week, django_assert_num_queries):
    for registration in (
        local,
        RegistrationFactory(week=week, approved=True),
        RegistrationFactory(week=week, approved=True),
    ):
        reporting.tell_words(registration=registration, sentence="Good.", may_be_shown=True)
    Report.objects.update(approved_at=timezone.now())
    with django_assert_num_queries(4):
        client.get(f"/week-of-action/{week.year}/wall/")


def test_the_wall_has_a_map_that_its_table_says_too_and_the_week_leads_there(client, local, week):
    at = f"/week-of-action/{week.year}/"
    assert "wall/" not in client.get(at).content.decode()
    assert "Nobody has told us yet" in client.get(f"{at}wall/").content.decode()
    reporting.tell_words(registration=local, sentence="Good.", may_be_shown=True)
    moderating.approve(report=Report.objects.get(), by=StaffFactory())
    Local.objects.update(state="PA")
    html = client.get(f"{at}wall/").content.decode()
    assert "<title>Pennsylvania: 1</title>" in html
    assert '<th scope="row">Pennsylvania</th><td>1</td>' in html
    assert f'href="{at}wall/"' in client.get(at).content.decode()


def test_staff_decide_about_words_and_each_photo_on_one_page(admin_client, local):
    reporting.tell_words(registration=local, sentence="Good.", may_be_shown=True)
    report = Report.objects.get()
    found = report_photos.add(registration=local, photo=plain(photo()), alt="A red table.", has_consent=True)
    at = f"/admin/campaigns/report/{report.pk}/decide/"
    html = admin_client.get(at).content.decode()
    assert all(
        words in html for words in ("Good.", 'alt="A red table."', f"/admin/campaigns/report/photo/{found.pk}.jpg")
    )
    assert 'class="staff-thumbnail"' in admin_client.get("/admin/campaigns/report/?photos=waiting").content.decode()
    admin_client.post(at, {"photo": found.pk, "what": "show"})
    admin_client.post(at, {"what": "show", "seen": (report.changed_at - timedelta(seconds=9)).isoformat()})
    report.refresh_from_db()
    found.refresh_from_db()
    assert (report.approved_at, bool(found.approved_at)) == (None, True)
    seen = re.search(r'name="seen" value="([^"]+)"', admin_client.get(at).content.decode())[1]
    admin_client.post(at, {"what": "show", "seen": seen})
    admin_client.post(at, {"photo": found.pk, "what": "hide"})
    report.refresh_from_db()
    found.refresh_from_db()
    assert (bool(report.approved_at), found.approved_at) == (True, None)


def test_who_may_only_look_decides_nothing_and_sees_only_its_districts(client, local):
    reporting.tell_words(registration=local, sentence="Good.", may_be_shown=True)
    found = report_photos.add(registration=local, photo=plain(photo()), alt="A red table.", has_consent=True)
    staff = StaffFactory(is_superuser=False)
    staff.user_permissions.add(Permission.objects.get(codename="view_report"))
    client.force_login(staff)
    answer = client.get(f"/admin/campaigns/report/photo/{found.pk}.jpg")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert client.post(f"/admin/campaigns/report/{found.report_id}/decide/", {"what": "show"}).status_code == 403
    StaffDistricts.objects.create(user=staff, districts=["99"])
    assert client.get(f"/admin/campaigns/report/photo/{found.pk}.jpg").status_code == 404
    assert "Good." not in client.get("/admin/campaigns/report/").content.decode()


# What comes of it


def test_what_was_used_of_each_item_is_known_by_those_who_told(local, week):
    item = local.boxes.get().lines.get().item
    reporting.tell_took_part(registration=local, took_part=True)
    reporting.tell_items(registration=local, told={item.pk: (3, 0), 999_999: (5, 0)})
    silent = RegistrationFactory(week=week, approved=True)
    BoxLineFactory(box=BoxFactory(registration=silent, shipped=True), item=item)
    assert reporting.used(week) == {}
    reporting.finish(registration=local)
    assert reporting.used(week) == {item: reporting.Use(sent=12, left_over=3, short=0, locals_=1)}
    assert (ItemReport.objects.count(), reporting.used(week)[item].used) == (1, 9)


# Reminders


def reminded() -> int:
    return Message.objects.filter(template="campaigns/report_reminder").count()


def test_who_has_not_told_is_reminded_after_a_day_five_and_twelve_and_no_more(local):
    began, counts = timezone.now(), []
    for days in range(0, 16):
        with time_machine.travel(began + timedelta(days=days), tick=False):
            reporting.remind()
            reporting.remind()
            counts.append(reminded())
    assert counts == [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]


def test_a_report_stops_the_reminders(local):
    reporting.tell_took_part(registration=local, took_part=False)
    reporting.finish(registration=local)
    assert (reporting.remind(), reminded()) == (0, 0)


def test_weeks_of_long_ago_are_left_in_peace(local, week):
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert reporting.remind() == 0
