"""Photos in a local's report: sent from a phone, private until staff have looked at each."""

import os
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from campaigns import personal_data
from campaigns.entering import registering
from campaigns.models import Report, ReportPhoto
from campaigns.reports import moderating, report_photos, reporting
from csan.lib import private_files
from csan.lib.pictures import plain
from members.models import Picture
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import RegistrationFactory, WeekFactory, day
from tests.members.factories import StaffFactory
from tests.pictures import photo

pytestmark = pytest.mark.django_db
SECRET = "40.7 N 74.0 W"


@pytest.fixture
def week():
    return WeekFactory(
        register_by=day(-40), freeze_on=day(-35), ship_by=day(-20), starts_on=day(-8), ends_on=day(-1),
        report_by=day(20),
    )  # fmt: skip


@pytest.fixture
def local(week):
    return RegistrationFactory(week=week, approved=True)


def page(registration) -> str:
    return f"/registration/{registration.key}/report/photos/"


def upload(kind="JPEG", **more) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"a.{kind.lower()}", photo(kind, **more).getvalue())


def row(number, alt="Six people in red shirts at a table.", **more):
    return {f"photo_{number}": upload(**more), f"alt_{number}": alt, f"consent_{number}": "on"}


def kept(registration, width=320, alt="Two people."):
    made = plain(photo(size=(width, 240)))
    return report_photos.add(registration=registration, photo=made, alt=alt, has_consent=True)


def content_of(found) -> bytes:
    with private_files.open_file(found.file) as file:
        return file.read()


def agree(registration) -> Report:
    return reporting.tell_words(registration=registration, sentence="Good.", may_be_shown=True)


# Sending


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_a_photo_is_kept_as_pixels_only_where_no_address_leads(client, local, kind):
    answer = client.post(page(local), row(1, kind=kind, secret=SECRET, orientation=6))
    assert (answer.status_code, answer.url) == (303, page(local))
    found = ReportPhoto.objects.get()
    content = content_of(found)
    assert (found.alt, found.has_consent, found.picture) == ("Six people in red shirts at a table.", True, None)
    assert (found.width, found.height) == (480, 640)
    assert SECRET.encode() not in content
    with Image.open(BytesIO(content)) as shown:
        assert (shown.format, dict(shown.getexif())) == ("JPEG", {})
    assert Picture.objects.count() == 0


def test_three_photos_come_at_once_each_with_its_words(client, local):
    told = row(1, "One.", size=(300, 200)) | row(2, "Two.", size=(310, 200)) | row(3, "Three.", size=(320, 200))
    client.post(page(local), told)
    assert list(ReportPhoto.objects.order_by("pk").values_list("alt", flat=True)) == ["One.", "Two.", "Three."]


def test_a_bad_file_takes_no_good_one_with_it_and_its_words_stay(client, local):
    bad = {"photo_2": SimpleUploadedFile("b.jpg", b"no photo"), "alt_2": "Our steward speaks.", "consent_2": "on"}
    answer = client.post(page(local), row(1) | bad)
    html = answer.content.decode()
    assert (answer.status_code, ReportPhoto.objects.count()) == (422, 1)
    assert all(words in html for words in ("1 photo is kept", "cannot be read as a photo", "Our steward speaks."))
    assert 'id="id_alt_1"' in html
    assert 'value="Six people' not in html


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"alt_1": ""}, "Say in one sentence what can be seen"),
        ({"consent_1": ""}, "Tick the box about the people"),
        ({"photo_1": ""}, "Choose the photo that these words are about."),
        ({"photo_1": lambda: SimpleUploadedFile("a.jpg", b"")}, "This file is empty."),
        ({"alt_1": "See www.example.com"}, "web addresses"),
        (
            {"photo_1": lambda: SimpleUploadedFile("a.jpg", photo().getvalue() + b"\0" * 15_728_640)},
            "larger than 15 MB",
        ),
    ],
)
def test_what_is_wrong_with_a_photo_is_said_and_nothing_is_kept(client, local, told, words):
    told = {name: value() if callable(value) else value for name, value in told.items()}
    answer = client.post(page(local), {**row(1), **told})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert ReportPhoto.objects.count() == 0


def test_without_a_photo_the_report_goes_on(client, local):
    assert client.post(page(local), {}).url.endswith("/report/words/")
    assert Report.objects.count() == 0


def test_a_photo_sent_twice_is_one_photo(client, local):
    client.post(page(local), row(1))
    files = default_storage.listdir("private/report-photos")[1]
    client.post(page(local), row(1))
    assert ReportPhoto.objects.count() == 1
    assert default_storage.listdir("private/report-photos")[1] == files


def test_there_are_at_most_twelve(client, local):
    for width in range(100, 100 + report_photos.MOST):
        kept(local, width=width)
    answer = client.post(page(local), row(1))
    assert (answer.status_code, ReportPhoto.objects.count()) == (422, 12)
    with pytest.raises(report_photos.TooMany):
        kept(local)


def test_no_photo_without_the_yes_of_who_is_on_it(local):
    with pytest.raises(report_photos.NoConsent):
        report_photos.add(registration=local, photo=plain(photo()), alt="Two.", has_consent=False)


def test_too_many_attempts_wait_and_no_photo_is_worked_on(client, local, settings):
    settings.BUDGETS = {**settings.BUDGETS, "photos": {"client": (1, 600), "email": (9, 600)}}
    client.post(page(local), {})
    answer = client.post(page(local), row(1))
    assert (answer.status_code, ReportPhoto.objects.count()) == (429, 0)
    assert "choose the photo once more" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_same_photo_from_two_phones_at_once_is_one(local):
    at_once(lambda: kept(local), lambda: kept(local))
    assert ReportPhoto.objects.count() == 1


# Looking and removing


def test_only_the_locals_own_link_opens_its_photo(client, local, week):
    found, other = kept(local), RegistrationFactory(week=week, approved=True)
    own = client.get(f"{page(local)}{found.pk}.jpg")
    assert (own["Content-Type"], "no-store" in own["Cache-Control"]) == ("image/jpeg", True)
    assert own.content == content_of(found)
    assert client.get(f"{page(other)}{found.pk}.jpg").status_code == 404


def test_the_local_removes_a_photo_and_its_files_until_the_report_is_on_the_wall(
    client, local, week, django_capture_on_commit_callbacks
):
    first, second = kept(local), kept(local, width=330)
    report = agree(local)
    moderating.approve_photo(photo=first, by=StaffFactory())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page(local), {"remove": str(first.pk)}).url == page(local)
    assert list(ReportPhoto.objects.all()) == [second]
    assert (Picture.objects.count(), default_storage.exists(f"private/{first.file}")) == (0, False)
    moderating.approve(report=report, by=StaffFactory())
    client.post(page(local), {"remove": str(second.pk)})
    assert ReportPhoto.objects.count() == 1


def test_nobody_removes_the_photo_of_another_local(client, local, week):
    found, other = kept(local), RegistrationFactory(week=week, approved=True)
    client.post(page(other), {"remove": str(found.pk)})
    assert ReportPhoto.objects.count() == 1


def test_files_that_no_row_names_are_swept_up_after_a_day(local):
    found = kept(local)
    lost = private_files.keep("report-photos/lost.jpg", b"x")
    old = timezone.now().timestamp() - 90_000
    for name in (lost, found.file):
        os.utime(default_storage.path(f"private/{name}"), (old, old))
    assert report_photos.sweep() == 1
    assert default_storage.exists(f"private/{found.file}")


# What staff decide


def test_each_photo_is_shown_and_hidden_apart(client, local, week, django_capture_on_commit_callbacks):
    agree(local)
    first, second = kept(local, alt="A red table."), kept(local, width=330, alt="A blue table.")
    staff = StaffFactory()
    moderating.approve_photo(photo=first, by=staff)
    moderating.approve_photo(photo=first, by=staff)
    moderating.hide_photo(photo=second, by=staff)
    html = client.get(f"/week-of-action/{week.year}/wall/").content.decode()
    assert ("A red table." in html, "A blue table." in html, "Good." in html) == (True, False, False)
    names = Picture.objects.get().file_names
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        moderating.hide_photo(photo=first, by=staff)
    assert [default_storage.exists(name) for name in names] == [False] * len(names)
    assert default_storage.exists(f"private/{first.file}")
    assert LogEntry.objects.filter(user=staff).count() == 3


def test_a_photo_is_not_shown_where_the_local_does_not_want_to_be(local):
    found = kept(local)
    with pytest.raises(moderating.NotAgreed):
        moderating.approve_photo(photo=found, by=StaffFactory())
    agree(local)
    moderating.approve_photo(photo=found, by=StaffFactory())
    reporting.tell_words(registration=local, sentence="Good.", may_be_shown=False)
    found.refresh_from_db()
    assert (found.approved_at, found.picture, Picture.objects.count()) == (None, None, 0)


def test_who_withdraws_takes_its_photos_off_the_wall_and_none_is_shown_after(local):
    found, late = kept(local), kept(local, width=330)
    agree(local)
    moderating.approve_photo(photo=found, by=StaffFactory())
    assert registering.withdraw_registration(registration=local)
    assert (Picture.objects.count(), ReportPhoto.objects.count()) == (0, 2)
    with pytest.raises(moderating.NotAgreed):
        moderating.approve_photo(photo=late, by=StaffFactory())


def test_a_photo_that_was_removed_meanwhile_is_not_shown(local):
    found = kept(local)
    agree(local)
    ReportPhoto.objects.filter(pk=found.pk).delete()
    with pytest.raises(moderating.NotThere):
        moderating.approve_photo(photo=found, by=StaffFactory())
    assert Picture.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_of_the_staff_who_show_a_photo_at_once_make_one_picture(local):
    found, staff = kept(local), StaffFactory()
    agree(local)
    at_once(
        lambda: moderating.approve_photo(photo=found, by=staff),
        lambda: moderating.approve_photo(photo=found, by=staff),
    )
    assert Picture.objects.count() == 1


def test_what_was_hidden_is_looked_at_anew_once_the_local_changed_it(local):
    report = moderating.hide(report=agree(local), by=StaffFactory())
    assert report.hidden_at is not None
    agree(local)
    report.refresh_from_db()
    assert report.hidden_at is None


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"has_consent": False}, "reportphoto_consent"),
        ({"alt": ""}, "reportphoto_alt"),
        ({"approved_at": timezone.now()}, "reportphoto_shown"),
    ],
)
def test_the_database_refuses_a_photo_that_breaks_a_rule(local, columns, rule):
    found = kept(local)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        ReportPhoto.objects.filter(pk=found.pk).update(**columns)


def test_the_database_refuses_a_photo_twice_and_words_both_shown_and_hidden(local):
    found = kept(local)
    with pytest.raises(IntegrityError, match="reportphoto_once"), transaction.atomic():
        ReportPhoto.objects.create(
            report=found.report, file="other.jpg", digest=found.digest, width=1, height=1, alt="A.", has_consent=True
        )
    with pytest.raises(IntegrityError, match="report_hidden"), transaction.atomic():
        Report.objects.update(approved_at=timezone.now(), hidden_at=timezone.now(), may_be_shown=True)


def test_who_takes_their_data_along_has_their_sentence_and_the_words_of_their_photos(local):
    kept(local, alt="A red table.")
    agree(local)
    (told,) = personal_data.of_mailbox(local.email_key)
    assert told["report"] == {"sentence": "Good.", "photos": ["A red table."]}
