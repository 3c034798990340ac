"""Pictures for shared links: the right words, any length, small, fresh when they change, only for what is public."""

import threading
import time
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import caches
from django.utils import timezone, translation
from PIL import Image

from campaigns.models import Campaign
from csan import poster, sharing
from csan.poster import Poster, draw, fitted, font, wrapped
from petitions import tallies
from tests.campaigns.factories import WeekFactory
from tests.members.factories import IssueFactory, PostFactory
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db
LONGEST = 120_000  # bytes
NAME = "Customer Service Action Network"


def size(png: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.size


@pytest.mark.parametrize(
    ("over", "title", "note"),
    [
        ("", "Hi", ""),
        ("Petition · H.R.1300", "Save Call Center Jobs", "1,230+ of 5,000 signatures"),
        (
            "Acción · Compañía Telefónica",
            "¿Quién contestará mañana? Ñandúes, pingüinos y corazones " * 4,
            "18 de octubre",
        ),
        ("x" * 200, "W" * 300, "y" * 200),
        ("", "a word " * 400, ""),
    ],
)
def test_words_of_any_length_make_a_picture_of_the_right_size_that_is_not_too_large(over, title, note):
    png = draw(Poster(over, title, note, NAME))

    assert size(png) == (1200, 630)
    assert len(png) <= LONGEST


@pytest.mark.parametrize("title", ["Jobs", "Save Call Center Jobs", "every word " * 12, "every word " * 90, "W" * 90])
def test_a_title_fits_into_its_bubble(title):
    letters, lines = fitted(title, 850, 300)

    assert max(letters.getlength(line) for line in lines) <= 850 * poster.SCALE
    assert len(lines) * letters.size * poster.LINE <= 300 * poster.SCALE


def test_a_title_that_fits_loses_no_word():
    title = "Every caller has a right to know where the call center is"

    _, lines = fitted(title, 850, 300)

    assert " ".join(lines) == title
    assert wrapped("one", font("Black", 40), 850) == ["one"]


def test_spanish_letters_are_in_the_fonts():
    for weight in ("Black", "Semibold"):
        missing = font(weight, 40).getmask("\uffff")
        assert [c for c in "áéíóúüñÁÉÍÓÚÜÑ¿¡·–…" if bytes(font(weight, 40).getmask(c)) == bytes(missing)] == []


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (1234, "1,230+"), (12_345, "12,300+"), (200_000, "200,000")],
)
def test_a_count_is_rounded_down_and_says_so(count, words):
    assert sharing.rounded(count) == words


def test_a_petitions_picture_says_its_number_and_its_address_changes_with_it():
    petition = PetitionFactory(slug="jobs", goal=5000)

    shown = [sharing.picture_of({"petition": petition, "count": count}) for count in (3, 1230, 1234, 1239, 1240)]

    assert "Be one of the first to sign" in shown[0].alt
    assert "1,230 of 5,000 signatures" in shown[1].alt
    assert "1,230+ of 5,000 signatures" in shown[2].alt
    assert len({picture.url for picture in shown}) == 4
    assert shown[2] == shown[3]
    assert shown[0].url.startswith("http://testserver/share/petition/jobs.png?v=")


def test_a_picture_speaks_the_language_of_its_address():
    week = WeekFactory(year=2026, theme_es="Los buenos empleos")
    with translation.override("es"):
        spanish = sharing.picture_of({"week": week})

    assert spanish.url.startswith("http://testserver/es/share/week/2026.png?v=")
    assert "Los buenos empleos" in spanish.alt
    assert spanish.url.partition("?")[2] != sharing.picture_of({"week": week}).url.partition("?")[2]


def test_every_public_page_has_a_picture(client):
    now = timezone.now()
    petition, week = PetitionFactory(slug="jobs"), WeekFactory(year=2026)
    issue = IssueFactory(number=7, status="sending", frozen_at=now)
    post = PostFactory(slug="rally")
    campaign = Campaign.objects.create(
        slug="stop", title="Stop", summary="S", action_label="Act", action_path="/", published_at=now
    )
    about = [{"petition": petition, "count": 0}, {"week": week}, {"issue": issue}, {"post": post}]
    for page in [*about, {"campaign": campaign}, {}]:
        url = sharing.picture_of(page).url.removeprefix("http://testserver")
        for address in (url, f"/es{url}"):
            response = client.get(address)
            assert (response.status_code, response["Content-Type"]) == (200, "image/png"), address
            assert size(response.content) == (1200, 630)


def test_what_is_not_public_has_none(client):
    tomorrow = timezone.now() + timedelta(days=1)
    PetitionFactory(slug="later", opens_at=tomorrow)
    WeekFactory(year=2027, published_at=None)
    IssueFactory(number=8)
    PostFactory(slug="secret", embargo_until=tomorrow)
    addresses = ["petition/later", "week/2027", "issue/8", "post/secret", "petition/none", "week/1", "campaign/none"]

    assert {client.get(f"/share/{address}.png").status_code for address in addresses} == {404}


def test_a_picture_asked_for_by_its_version_may_be_kept_for_long(client):
    petition = PetitionFactory(slug="jobs")
    url = sharing.picture_of({"petition": petition, "count": tallies.count(petition)}).url

    kept = [client.get(address)["Cache-Control"] for address in (url, "/share/petition/jobs.png", f"{url}x")]

    assert kept == ["public, max-age=604800", "public, max-age=300", "public, max-age=300"]


def test_many_who_ask_at_once_get_one_drawing(monkeypatch):
    drawings = []

    def slowly(drawn: Poster) -> bytes:
        drawings.append(drawn)
        time.sleep(0.2)
        return b"png"

    monkeypatch.setattr(poster, "draw", slowly)
    caches["pictures"].clear()
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: answers.append(sharing.png(Poster("", "One", "", NAME)))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(drawings), answers) == (1, [b"png"] * 6)
