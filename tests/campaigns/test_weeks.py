"""A week's page: where the week stands today, what is in the box, who takes part, what helps, what it looked like."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.template.loader import get_template
from django.utils import translation

from campaigns.entering import registering
from campaigns.models import Campaign, Illustration, Registration, ToolkitItem, WeekOfAction, WeekPhoto
from csan.lib import uploads
from tests.campaigns.factories import (
    CampaignFactory,
    RegistrationFactory,
    ToolkitItemFactory,
    WeekFactory,
    WeekPhotoFactory,
)
from tests.members.factories import LocalFactory, PictureFactory, StaffFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DAYS = {
    "register_by": date(2026, 9, 10),
    "freeze_on": date(2026, 9, 14),
    "ship_by": date(2026, 9, 20),
    "starts_on": date(2026, 10, 4),
    "ends_on": date(2026, 10, 10),
    "report_by": date(2026, 10, 30),
}
PUBLISHED = datetime(2026, 1, 1, tzinfo=UTC)


def refused(name: str, write, **values) -> None:
    """Assert that the write breaks the named constraint."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write(**values)


# ── Where it stands ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "stage", "days_left"),
    [
        ("2026-09-01 12:00", "before_register_by", 9),
        ("2026-09-10 00:00", "before_register_by", 0),
        ("2026-09-10 23:59", "before_register_by", 0),
        ("2026-09-11 00:00", "closed", 23),
        ("2026-10-03 23:59", "closed", 1),
        ("2026-10-04 00:00", "during", 0),
        ("2026-10-10 23:59", "during", 0),
        ("2026-10-11 00:00", "over", 0),
    ],
)
def test_the_stage_and_the_days_change_at_midnight_of_the_programs_own_zone(now, stage, days_left):
    week = WeekOfAction(year=2026, published_at=PUBLISHED, **DAYS)
    with time_machine.travel(datetime.fromisoformat(f"{now}-04:00"), tick=False):
        assert (week.stage, week.days_left) == (stage, days_left)
        assert week.is_open is (stage == "before_register_by")


@time_machine.travel("2026-09-12 16:00+00:00", tick=False)
def test_the_page_knows_each_day_which_is_over_and_which_comes_next(client):
    week = WeekFactory(year=2026, published_at=PUBLISHED, **DAYS)
    context = client.get("/week-of-action/2026/").context
    assert context["week"] == week
    assert [(step.day, step.last_day, step.is_over, step.is_next) for step in context["dates"]] == [
        (DAYS["register_by"], None, True, False),
        (DAYS["freeze_on"], None, False, True),
        (DAYS["ship_by"], None, False, False),
        (DAYS["starts_on"], DAYS["ends_on"], False, False),
        (DAYS["report_by"], None, False, False),
    ]


@time_machine.travel("2026-10-10 16:00+00:00", tick=False)
def test_the_week_itself_is_not_over_before_its_last_day(client):
    WeekFactory(year=2026, published_at=PUBLISHED, **DAYS)
    steps = client.get("/week-of-action/2026/").context["dates"]
    assert [step.is_next for step in steps] == [False, False, False, True, False]


# ── Drawings, the box, figures ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", Illustration.values)
def test_each_drawing_that_staff_can_choose_is_there(name):
    assert "<svg" in get_template(f"illustrations/{name}.svg").render()


def test_a_drawing_is_one_of_ours_and_a_photo_replaces_it(client):
    refused("campaigns_campaign_illustration", CampaignFactory, illustration="clipart")
    refused("campaigns_weekofaction_illustration", WeekFactory, illustration="clipart")
    CampaignFactory(slug="jobs", picture=PictureFactory(alt="Members at a rally."))
    page = client.get("/campaigns/jobs/").content.decode()
    assert 'alt="Members at a rally."' in page


def test_what_is_in_the_box_is_one_thing_a_line_in_the_readers_language(client):
    WeekFactory(year=2026, box_contents="A banner\r\n\r\n  Buttons \n", box_contents_es="Una pancarta")
    assert client.get("/week-of-action/2026/").context["box_contents"] == ["A banner", "Buttons"]
    assert client.get("/es/week-of-action/2026/").context["box_contents"] == ["Una pancarta"]


@pytest.mark.parametrize(
    "values",
    [
        {"figure": "12,000"},
        {"figure_label": "jobs cut"},
        {"figure_source_url": "https://example.org/"},
        {"figure_label": "jobs cut", "figure_source_url": "https://example.org/"},
    ],
)
def test_a_figure_has_its_label_and_nothing_of_it_stands_alone(values):
    refused("campaigns_campaign_figure", CampaignFactory, **values)


def test_a_figure_says_what_it_counts_in_both_languages():
    campaign = CampaignFactory(figure="12,000", figure_label="jobs cut", figure_label_es="empleos menos")
    assert campaign.local_figure_label == "jobs cut"
    with translation.override("es"):
        assert campaign.local_figure_label == "empleos menos"


def test_staff_read_what_a_figure_needs(client):
    client.force_login(StaffFactory())
    form = {
        "title": "Jobs", "slug": "jobs", "summary": "Good jobs.", "action_label": "Sign", "action_path": "/",
        "illustration": "headset", "position": "0", "figure": "12,000",
    }  # fmt: skip
    page = client.post("/admin/campaigns/campaign/add/", form).content.decode()
    assert "A figure has a label that says what it counts" in page
    client.post("/admin/campaigns/campaign/add/", {**form, "figure_label": "jobs cut"})
    assert list(Campaign.objects.values_list("figure", "figure_label")) == [("12,000", "jobs cut")]


# ── Who takes part ───────────────────────────────────────────────────────────────────────────────


def test_locals_are_counted_by_their_own_state_and_else_by_where_the_box_goes():
    week = WeekFactory()
    RegistrationFactory(week=week, local=LocalFactory(state="TX"), main_place__state="DC", approved=True)
    RegistrationFactory(week=week, local=LocalFactory(state=""), main_place__state="TX", approved=True)
    RegistrationFactory(week=week, local=LocalFactory(state=""), main_place__state="PR", approved=True)
    RegistrationFactory(week=week, status=Registration.Status.WITHDRAWN, withdrawn_at=PUBLISHED)
    RegistrationFactory(local=LocalFactory(state="TX"), approved=True)  # in another week
    assert registering.taking_part_by_state(week) == {"TX": 2, "PR": 1}


def test_a_registration_that_waits_for_staff_moves_no_public_number(client):
    week = WeekFactory(year=2026)
    RegistrationFactory.create_batch(6, week=week, main_place__state="OH", approved=True)
    RegistrationFactory(week=week, main_place__state="OH")
    assert client.get("/week-of-action/2026/").context["taking_part"] == 6


@pytest.mark.parametrize(("locals_", "shown"), [(4, None), (5, 5)])
def test_the_map_shows_states_with_five_locals_or_more(client, locals_, shown):
    week = WeekFactory(year=2026)
    RegistrationFactory.create_batch(locals_, week=week, main_place__state="OH", approved=True)
    RegistrationFactory.create_batch(1, week=week, main_place__state="ME", approved=True)
    context = client.get("/week-of-action/2026/").context
    assert context["taking_part"] == locals_ + 1
    assert {tile.code: tile.count for tile in context["tile_map"].tiles if tile.code in ("OH", "ME", "TX")} == {
        "OH": shown, "ME": None, "TX": None,
    }  # fmt: skip


def test_below_five_locals_there_is_neither_number_nor_map(client):
    week = WeekFactory(year=2026)
    RegistrationFactory.create_batch(4, week=week, approved=True)
    context = client.get("/week-of-action/2026/").context
    assert (context["taking_part"], context["tile_map"]) == (None, None)


# ── Toolkit ──────────────────────────────────────────────────────────────────────────────────────


def test_the_toolkit_leads_to_pages_in_the_readers_language(client):
    week = WeekFactory(year=2026)
    ToolkitItemFactory(week=week, title="Second", path="/news/", position=2)
    ToolkitItemFactory(week=week, title="First", title_es="Primero", path="/news/", position=1)
    assert [item.local_title for item in client.get("/week-of-action/2026/").context["toolkit"]] == ["First", "Second"]
    page = client.get("/es/week-of-action/2026/").content.decode()
    assert '<a href="/es/news/">Primero</a>' in page


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "link", "path": ""},
        {"kind": "link", "path": "//elsewhere.example/"},
        {"kind": "link", "path": "/\\elsewhere.example/"},
        {"kind": "link", "path": "/\t/elsewhere.example/"},
        {"kind": "link", "path": "/news/", "file": "flyer.pdf"},
        {"kind": "file", "path": ""},
        {"kind": "file", "path": "/news/", "file": "flyer.pdf"},
    ],
)
def test_an_item_of_the_toolkit_is_a_page_or_a_file_and_not_both(values):
    refused("campaigns_toolkititem_one_target", ToolkitItemFactory, **values)


def test_an_item_is_of_a_kind_we_know():
    refused("campaigns_toolkititem_(kind|one_target)", ToolkitItemFactory, kind="film")


@pytest.fixture
def staff(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    client.force_login(StaffFactory())
    return client


def week_form(week: WeekOfAction, *items: dict) -> dict:
    """What staff send from the week's page with the given toolkit."""
    form = {
        "year": week.year, "theme": week.theme, "intro": week.intro, "illustration": "box",
        **{name: str(getattr(week, name)) for name in DAYS},
        "published_at_0": "2026-01-01", "published_at_1": "00:00:00",
        "toolkit-TOTAL_FORMS": len(items), "toolkit-INITIAL_FORMS": sum("id" in item for item in items),
    }  # fmt: skip
    for prefix in ("tasks", "photos", "kit_rules"):
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    for number, item in enumerate(items):
        form |= {f"toolkit-{number}-{name}": value for name, value in {"position": 0, "week": week.pk, **item}.items()}
    return form


def pdf(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("Flyer for the break room.pdf", content, content_type="application/pdf")


def kept_files() -> list[str]:
    return default_storage.listdir("")[1] if default_storage.exists("") else []


def post(client, week: WeekOfAction, *items: dict):
    return client.post(f"/admin/campaigns/weekofaction/{week.pk}/change/", week_form(week, *items))


@pytest.mark.django_db(transaction=True)
def test_staff_put_a_pdf_into_the_toolkit_replace_it_and_take_it_out(staff):
    week = WeekFactory(year=2026)
    new = {"kind": "file", "title": "Flyer, for the break room!"}

    assert post(staff, week, {**new, "file": pdf()}).status_code == 302
    item = ToolkitItem.objects.get()
    (first,) = kept_files()
    assert first.startswith("flyer-for-the-break-room-")
    assert item.address == f"/uploads/{first}"
    response = staff.get(item.address)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{first}"'

    assert post(staff, week, {**new, "id": item.pk, "file": pdf(PDF + PDF)}).status_code == 302
    (second,) = kept_files()
    assert second != first

    assert post(staff, week, {**new, "id": item.pk}).status_code == 302
    assert kept_files() == [second]

    assert post(staff, week, {**new, "id": item.pk, "DELETE": "on"}).status_code == 302
    assert (ToolkitItem.objects.count(), kept_files()) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_deleted_week_takes_its_files_along(staff):
    week = WeekFactory(year=2026)
    post(staff, week, {"kind": "file", "title": "Flyer", "file": pdf()})
    assert len(kept_files()) == 1
    staff.post(f"/admin/campaigns/weekofaction/{week.pk}/delete/", {"post": "yes"})
    assert (WeekOfAction.objects.count(), kept_files()) == (0, [])


@pytest.mark.parametrize("title", ["Flyer_2026 for_the door", "___", "Cartel: ¡Únase!", "x" * 90, "1-2"])
def test_a_pdf_is_served_under_the_name_that_its_title_makes(title):
    name = uploads.pdf_name(pdf(), title)
    assert uploads.content_type_of(name) == "application/pdf"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html>", "This is not a PDF"),
        (b"MZ%PDF", "This is not a PDF"),
        (PDF[:30], "This is not a PDF"),
        (PDF + bytes(10 * 1024 * 1024) + b"%%EOF", "larger than 10 MB"),
    ],
)
def test_what_is_no_pdf_or_too_large_is_refused_with_a_sentence(staff, content, words):
    week = WeekFactory(year=2026)
    response = post(staff, week, {"kind": "file", "title": "Flyer", "file": pdf(content)})
    assert words in response.content.decode()
    assert (ToolkitItem.objects.count(), kept_files()) == (0, [])


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"kind": "file"}, "Choose the PDF, or make it a page of this site."),
        ({"kind": "file", "path": "/news/", "file": True}, "A file has no path; leave this empty."),
        ({"kind": "link"}, "Say where the page is, or make it a file."),
        ({"kind": "link", "path": "/news/", "file": True}, "A page has no file; take this out."),
        ({"kind": "link", "path": "news/"}, "A path on this site begins with one slash."),
    ],
)
def test_an_item_that_is_both_or_neither_is_refused_with_a_sentence_beside_its_field(staff, item, words):
    week = WeekFactory(year=2026)
    sent = {**item, "title": "Flyer"} | ({"file": pdf()} if "file" in item else {})
    assert words in post(staff, week, sent).content.decode()
    assert (ToolkitItem.objects.count(), kept_files()) == (0, [])


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────


def test_a_week_shows_its_own_photos_and_before_it_has_some_those_of_the_latest_week_that_has():
    WeekPhotoFactory(week=WeekFactory(year=2022), caption="2022")
    second = WeekPhotoFactory(week=WeekFactory(year=2023), caption="second", position=2)
    first = WeekPhotoFactory(week=second.week, caption="first", position=1)
    WeekFactory(year=2024)
    WeekPhotoFactory(week=WeekFactory(year=2025, published_at=None))
    coming = WeekFactory(year=2026)
    WeekPhotoFactory(week=WeekFactory(year=2027))

    assert list(WeekPhoto.objects.last_of(coming)) == [first, second]
    own = WeekPhotoFactory(week=coming)
    assert list(WeekPhoto.objects.last_of(coming)) == [own]
    assert list(WeekPhoto.objects.last_of(WeekOfAction.objects.get(year=2024))) == [first, second]


def test_a_week_has_a_photo_once_and_a_photo_in_use_stays():
    shown = WeekPhotoFactory()
    refused("campaigns_weekphoto_once", WeekPhotoFactory, week=shown.week, picture=shown.picture)
    with pytest.raises(ProtectedError):
        shown.picture.delete()


def test_photos_come_with_their_words_in_the_readers_language(client):
    week = WeekFactory(year=2026)
    picture = PictureFactory(alt="A banner.", alt_es="Una pancarta.")
    WeekPhotoFactory(week=week, picture=picture, caption="Local 1101", caption_es="La local 1101")
    page = client.get("/es/week-of-action/2026/").content.decode()
    assert 'alt="Una pancarta."' in page
    assert "La local 1101" in page


def test_a_file_that_was_kept_is_not_read_again_by_a_form(staff):
    assert BytesIO(PDF).read() == PDF
    week = WeekFactory(year=2026)
    item = ToolkitItemFactory(week=week, kind="file", path="", file="flyer-000000000000000000000000.pdf")
    item.full_clean()  # the file itself is gone: not this form's fault
    assert item.address == "/uploads/flyer-000000000000000000000000.pdf"
