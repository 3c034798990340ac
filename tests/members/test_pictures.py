"""Photos in the staff site: whole or not at all, described, where they are used, gone with their files."""

import subprocess
import sys
import time

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import translation
from PIL import Image

from csan.lib import pictures as making
from members import pictures
from members.models import Picture
from tests.campaigns.factories import CampaignFactory, WeekPhotoFactory
from tests.members.factories import PictureFactory, PostFactory, StaffFactory
from tests.pictures import photo
from tests.processes import ROOT, environment, wait_until

pytestmark = pytest.mark.django_db

ADD = "/admin/members/picture/add/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def upload(kind: str = "JPEG") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"IMG_0042.{kind.lower()}", photo(kind, size=(600, 400)).getvalue())


def added(**words) -> Picture:
    return pictures.add(photo=making.prepare(photo(size=(600, 400))), **{"alt": "A banner.", **words})


def kept() -> set[str]:
    return set(default_storage.listdir("")[1]) if default_storage.exists("") else set()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_staff_upload_a_photo_and_describe_it(staff, kind):
    response = staff.post(
        ADD, {"photo": upload(kind), "alt": "A banner.", "alt_es": "Una pancarta.", "credit": "Ana R."}
    )

    assert response.status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height, picture.widths) == (600, 400, [480, 600])
    assert (picture.alt, picture.alt_es, picture.credit) == ("A banner.", "Una pancarta.", "Ana R.")
    assert kept() == set(picture.file_names)
    assert "IMG_0042" not in "".join(kept())
    served = staff.get(picture.url)
    assert served["Content-Type"] == "image/jpeg"
    assert b"".join(served.streaming_content).startswith(b"\xff\xd8")
    assert LogEntry.objects.get().object_id == str(picture.pk)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"photo": SimpleUploadedFile("a.jpg", b"not a photo"), "alt": "x"}, "This file cannot be read as a photo."),
        ({"photo": SimpleUploadedFile("a.jpg", b""), "alt": "x"}, "The submitted file is empty."),
        ({"alt": "x"}, "This field is required."),
        ({"photo": None, "alt": ""}, "This field is required."),
    ],
)
def test_a_broken_photo_or_one_without_a_description_is_refused_and_nothing_is_kept(staff, data, words):
    if "photo" in data and data["photo"] is None:
        data = {**data, "photo": upload()}
    response = staff.post(ADD, data)
    assert response.status_code == 200
    assert words in response.content.decode()
    assert (Picture.objects.count(), kept()) == (0, set())


def test_the_words_change_and_the_photo_never_does(staff):
    picture = added()
    page = f"/admin/members/picture/{picture.pk}/change/"
    assert 'type="file"' not in staff.get(page).content.decode()
    staff.post(page, {"alt": "A red banner.", "alt_es": "", "credit": "", "photo": upload("PNG")})
    after = Picture.objects.get()
    assert (after.alt, after.name) == ("A red banner.", picture.name)


def test_a_description_is_required_by_the_database_too():
    for name, values in (("members_picture_alt", {"alt": ""}), ("members_picture_size", {"width": 0})):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PictureFactory(**values)


@pytest.mark.django_db(transaction=True)
def test_a_photo_goes_with_its_files_and_the_same_photo_uploaded_twice_stays(staff):
    first, second = added(), added()
    assert len(kept()) == len(first.file_names) + len(second.file_names)

    staff.post(f"/admin/members/picture/{first.pk}/delete/", {"post": "yes"})

    assert list(Picture.objects.all()) == [second]
    assert kept() == set(second.file_names)
    staff.post(
        "/admin/members/picture/", {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    )
    assert (Picture.objects.count(), kept()) == (0, set())


@pytest.mark.django_db(transaction=True)
def test_files_stay_until_the_row_is_surely_gone():
    picture = added()
    with transaction.atomic():
        pictures.remove(pictures=[picture])
        assert kept() == set(picture.file_names)
        transaction.set_rollback(True)
    assert Picture.objects.get() == picture
    assert kept() == set(picture.file_names)


@pytest.mark.django_db(transaction=True)
def test_killed_between_files_and_row_there_is_no_row_without_files(monkeypatch):
    made = making.prepare(photo())

    def killed(*_: object, **__: object) -> None:
        assert kept() == set(made.files)
        raise SystemExit

    monkeypatch.setattr(Picture.objects, "create", killed)
    with pytest.raises(SystemExit):
        pictures.add(photo=made, alt="A banner.")
    monkeypatch.undo()
    assert Picture.objects.count() == 0


ADDING = """
import django; django.setup()
from csan.lib.pictures import prepare
from members import pictures
from tests.pictures import photo
while True:
    pictures.add(photo=prepare(photo(size=(500, 300))), alt="A banner.")
"""


@pytest.mark.scale
@pytest.mark.django_db(transaction=True)
def test_processes_killed_at_any_moment_leave_no_row_without_whole_files(folder):
    for milliseconds in (0, 30, 60, 90, 120):
        before = Picture.objects.count()
        adding = environment(DATA_DIR=str(folder.parent))
        with subprocess.Popen([sys.executable, "-W", "ignore", "-c", ADDING], cwd=ROOT, env=adding) as process:
            wait_until(lambda before=before: Picture.objects.count() > before, 60, "a first photo")
            time.sleep(milliseconds / 1000)
            process.kill()

    assert Picture.objects.count() >= 5
    for picture in Picture.objects.all():
        for name in picture.file_names:
            with default_storage.open(name) as file, Image.open(file) as image:
                image.load()


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_is_shown_cannot_be_taken_away(staff):
    picture = added()
    PostFactory(picture=picture)
    with pytest.raises(ProtectedError):
        pictures.remove(pictures=[picture])
    staff.post(f"/admin/members/picture/{picture.pk}/delete/", {"post": "yes"})
    assert kept() == set(picture.file_names)


def test_the_photo_tells_where_it_is_used(staff):
    picture = added()
    page = f"/admin/members/picture/{picture.pk}/change/"
    assert "nothing yet" in staff.get(page).content.decode()

    post = PostFactory(picture=picture, title="Rally at noon")
    campaign = CampaignFactory(picture=picture, title="Good jobs")
    shown = WeekPhotoFactory(picture=picture)

    html = staff.get(page).content.decode()
    for row in (post, campaign, shown.week):
        address = f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
        assert f'href="{address}"' in html
    assert "post: Rally at noon" in html
    assert picture.preview_url in html


def test_a_page_offers_every_width_with_the_size_set():
    picture = PictureFactory(name="0" * 24, alt='A "banner".', alt_es="Una pancarta.")
    html = render_to_string("components/picture.html", {"picture": picture, "sizes": "50vw"})
    base = f"/uploads/{'0' * 24}"
    for kind in ("avif", "webp"):
        srcset = f"{base}-480.{kind} 480w, {base}-960.{kind} 960w, {base}-1600.{kind} 1600w"
        assert f'<source type="image/{kind}" srcset="{srcset}" sizes="50vw">' in html
    assert (
        f'<img src="{base}-1200.jpg" width="1600" height="1200" alt="A &quot;banner&quot;." loading="lazy" '
        'decoding="async">' in html
    )
    with translation.override("es"):
        spanish = render_to_string("components/picture.html", {"picture": picture, "loading": "eager"})
    assert 'alt="Una pancarta."' in spanish
    assert 'loading="eager"' in spanish
    assert f'src="{base}-1200.jpg"' in spanish


def test_staff_without_the_right_cannot_upload(client):
    client.force_login(StaffFactory(is_superuser=False))
    assert client.post(ADD, {"photo": upload(), "alt": "A banner."}).status_code == 403
    assert (Picture.objects.count(), kept()) == (0, set())
