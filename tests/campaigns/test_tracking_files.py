"""Files of tracking numbers: tested first, then taken in, each row once."""

import io

import pytest
from django.utils import timezone

from campaigns.carriers import tracking
from campaigns.models import Box, CarrierProfile, TrackingFile, Wave
from csan.lib.csvfiles import UnusableFile
from members.models import Message
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import BoxFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db
UPS = ["1Z5R89390357567127", "1Z5R89390357567118", "1Z5R89390357567109"]


@pytest.fixture
def profile():
    return CarrierProfile.objects.create(
        name="Ours", carrier="other", tracking_columns={"code": "Box", "number": "Tracking Number"}
    )


def checked(code):
    return BoxFactory(code=code, status=Box.Status.CHECKED, checked_at=timezone.now())


def look(profile, *lines, headings="Box,Tracking Number"):
    file = io.BytesIO("\n".join([headings, *lines]).encode())
    return tracking.look_through(file=file, filename="back.csv", profile=profile, by=StaffFactory())


def outcomes(file):
    return list(file.rows.order_by("number").values_list("code", "outcome"))


def test_a_file_is_tested_row_by_row_and_nothing_leaves(profile):
    checked("26-AAAA")
    planned = BoxFactory(code="26-BBBB")
    Box.objects.filter(pk=planned.pk).update(wave=Wave.objects.create(week=planned.registration.week, number=1))
    BoxFactory(code="26-CCCC", shipped=True, tracking_number="CCCC1")
    BoxFactory(code="26-DDDD", shipped=True, carrier="other", tracking_number="DDDD1")
    checked("26-EEEE")
    file = look(
        profile, f"26-aaaa,{UPS[0]}", "26-BBBB,BBBB1", "26-CCCC,ELSE1", "26-DDDD,DDDD1", "26-EEEE,DDDD1",
        "26-FFFF,FFFF1", "26-EEEE,x", f"26-AAAA,{UPS[0]}",
    )  # fmt: skip
    assert outcomes(file) == [
        ("26-AAAA", "ready"), ("26-BBBB", "not-packed"), ("26-CCCC", "not-living"), ("26-DDDD", "known"),
        ("26-EEEE", "taken"), ("26-FFFF", "unknown-box"), ("26-EEEE", "broken"), ("26-AAAA", "broken"),
    ]  # fmt: skip
    assert file.rows.first().carrier == "ups"
    assert Box.objects.filter(status="shipped").count() == 2
    assert Message.objects.count() == 0


def test_a_file_without_its_columns_is_refused(profile):
    with pytest.raises(UnusableFile, match="Tracking Number"):
        look(profile, "26-AAAA,1", headings="Box,Number")
    assert TrackingFile.objects.count() == 0


def test_taken_in_once_and_each_local_is_told_unless_its_row_says_not(profile):
    first, second = checked("26-AAAA"), checked("26-BBBB")
    file, by = look(profile, "26-AAAA,AAAA1", "26-BBBB,BBBB1"), StaffFactory()
    quiet = {file.rows.get(code="26-BBBB").pk}
    assert tracking.take_in(file=file, silent=quiet, by=by) == 2
    with pytest.raises(tracking.NotWaiting):
        tracking.take_in(file=file, silent=set(), by=by)
    assert outcomes(file) == [("26-AAAA", "shipped"), ("26-BBBB", "shipped")]
    assert list(Message.objects.values_list("to", flat=True)) == [first.registration.email]
    second.refresh_from_db()
    assert (second.status, second.tracking_number) == ("shipped", "BBBB1")
    assert outcomes(look(profile, "26-AAAA,AAAA1")) == [("26-AAAA", "known")]


def test_a_cancelled_file_is_never_taken_in(profile):
    checked("26-AAAA")
    file, by = look(profile, "26-AAAA,AAAA1"), StaffFactory()
    tracking.cancel(file=file, by=by)
    with pytest.raises(tracking.NotWaiting):
        tracking.take_in(file=file, silent=set(), by=by)
    with pytest.raises(tracking.NotWaiting):
        tracking.cancel(file=file, by=by)
    assert Box.objects.get().status == "checked"


@pytest.mark.django_db(transaction=True)
def test_the_same_file_uploaded_twice_and_taken_in_at_once_ships_each_box_once(profile):
    codes = [f"26-A{number}" for number in range(5)]
    for code in codes:
        checked(code)
    lines, by = [f"{code},{code}X" for code in codes], StaffFactory()
    files = [look(profile, *lines), look(profile, *reversed(lines))]
    shipped = at_once(*[lambda file=file: tracking.take_in(file=file, silent=set(), by=by) for file in files])
    assert sorted(shipped) == [0, 5]
    assert Message.objects.count() == 5
    assert sorted(set(files[shipped.index(0)].rows.values_list("outcome", flat=True))) == ["known"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_test_costs_the_same_however_many_rows(profile, django_assert_num_queries, rows):
    for number in range(rows):
        checked(f"26-A{number}")
    by, content = StaffFactory(), "\n".join(["Box,Tracking Number", *[f"26-A{n},AAA{n}" for n in range(rows)]])
    with django_assert_num_queries(6):  # a savepoint and its release, two questions, two inserts
        tracking.look_through(file=io.BytesIO(content.encode()), filename="f", profile=profile, by=by)
