"""The private page after registering: step by step, what is in the box and why, what a local prints."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from campaigns.entering import merging, registering
from campaigns.models import Allocation, Box, Registration, Wave
from campaigns.private_page import standing
from members.models import SourceCode
from tests.campaigns.crowd import at_once
from tests.campaigns.factories import (
    BoxFactory,
    BoxLineFactory,
    ColleagueFactory,
    ItemFactory,
    RegistrationFactory,
    ToolkitItemFactory,
    WeekFactory,
    day,
)
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db


def page_of(registration: Registration) -> str:
    return f"/registration/{registration.key}/"


def done(registration: Registration) -> tuple[int, str]:
    """How many steps are over, and which is the next."""
    found = standing.stages(registration, standing.boxes_of(registration))
    return sum(stage.is_over for stage in found), next(stage.label for stage in found if stage.is_next)


def approved(**values) -> Registration:
    """Accepted by staff, as they do it."""
    registration = RegistrationFactory(**values)
    registering.approve(registrations=[registration], by=StaffFactory())
    return Registration.objects.get(pk=registration.pk)


def test_the_steps_follow_the_local():
    registration = RegistrationFactory()
    assert done(registration) == (1, "We accept your registration")
    registration = approved(week=WeekFactory(register_by=day(-3), freeze_on=day(-1)))
    assert done(registration) == (3, "Your box is packed")
    box = BoxFactory(registration=registration)
    assert done(registration) == (3, "Your box is packed")
    Box.objects.update(status=Box.Status.PACKED)
    assert done(registration) == (4, "Your box is on its way")
    now = timezone.now()
    Box.objects.update(status="shipped", carrier="ups", tracking_number="1Z1", shipped_at=now)
    assert done(registration) == (5, "Your box is with you")
    Box.objects.filter(pk=box.pk).update(status="delivered", delivered_at=now)
    assert done(registration) == (6, "Week of Action")


def test_of_two_boxes_both_must_be_there():
    registration = approved(week=WeekFactory(register_by=day(-3), freeze_on=day(-1)))
    now = timezone.now()
    BoxFactory(registration=registration, shipped=True, status="delivered", delivered_at=now)
    BoxFactory(registration=registration, shipped=True, part=2)
    assert done(registration) == (5, "Your box is with you")


def test_an_extension_stands_among_the_steps():
    registration = RegistrationFactory(extended_until=day(15))
    (stage,) = [each for each in standing.stages(registration, []) if each.label == "Last day to change it"]
    assert stage.day == timezone.localdate() + timedelta(days=15)


def test_who_takes_no_part_has_no_steps(client):
    registration = RegistrationFactory(status="withdrawn", withdrawn_at=timezone.now())
    page = client.get(page_of(registration)).content.decode()
    assert "Step by step" not in page
    assert "What is in the box, and why" not in page


def test_before_a_box_is_planned_the_page_says_what_is_usually_in_it(client):
    registration = RegistrationFactory(week=WeekFactory(box_contents="Petition sheets\nA poster"))
    page = client.get(page_of(registration)).content.decode()
    assert "We pack for 140 members." in page
    assert "<li>Petition sheets</li>" in page


def test_what_is_set_aside_stands_there_with_its_reason(client):
    registration = approved()
    wave = Wave.objects.create(week=registration.week, number=1, status=Wave.Status.ALLOCATED)
    Allocation.objects.create(
        wave=wave, place=registration.place, item=ItemFactory(), wanted=160, given=150, reason="143 + 5 % = 151"
    )
    page = client.get(page_of(registration)).content.decode()
    assert "150 × Red button" in page
    assert "143 + 5 % = 151" in page
    assert "It is not packed yet." in page


def test_what_is_in_the_box_stands_there_with_its_reason_and_its_twin_to_print(client):
    box = BoxFactory(shipped=True)
    twin = ToolkitItemFactory(week=box.registration.week, path="/petitions/jobs/sheet/")
    BoxLineFactory(box=box, item=ItemFactory(print_twin=twin))
    page = client.get(page_of(box.registration)).content.decode()
    assert "12 × Red button" in page
    assert "10 members + 20 % = 12" in page
    assert '<a href="/petitions/jobs/sheet/">Print more yourself: Red button</a>' in page
    assert "We pack for" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_database_as_often_for_many_boxes_and_colleagues_as_for_one(
    client, django_assert_num_queries, rows
):
    registration = approved()
    ToolkitItemFactory(week=registration.week)
    for part in range(1, rows + 1):
        box = BoxFactory(registration=registration, part=part, shipped=True)
        BoxLineFactory(box=box, item=ItemFactory(print_twin=ToolkitItemFactory(week=registration.week)))
        ColleagueFactory(registration=registration)
    with django_assert_num_queries(12):
        client.get(page_of(registration))


def test_accepting_a_local_makes_its_code_once():
    registration = RegistrationFactory(week=WeekFactory(year=2026), local=LocalFactory(number="1101"))
    ToolkitItemFactory(week=registration.week, path="/petitions/jobs/sheet/")
    merging.make_codes([registration])
    registering.approve(registrations=[registration], by=StaffFactory())
    code = SourceCode.objects.get()
    assert (code.code, code.local, code.path) == ("w26-1101", registration.local, "/petitions/jobs/")


@pytest.mark.django_db(transaction=True)
def test_codes_made_at_once_are_one():
    registration = RegistrationFactory()
    at_once(*[lambda: merging.make_codes([registration])] * 3)
    assert SourceCode.objects.count() == 1


@pytest.mark.parametrize(
    ("affiliate", "number", "code"),
    [
        ("CWA", "1101", "w26-1101"),
        ("IUE-CWA", "81201", "w26-iue-81201"),
        ("NABET-CWA", "51", "w26-nabet-51"),
        ("CWA", "1101-A", "w26-1101-a"),
    ],
)
def test_a_code_tells_the_local(affiliate, number, code):
    registration = RegistrationFactory(
        week=WeekFactory(year=2026), local=LocalFactory(affiliate=affiliate, number=number)
    )
    assert merging.code_of(registration) == code


def test_a_number_that_makes_no_code_is_told_by_its_row():
    local = LocalFactory(affiliate="NABET-CWA", number="1234567890AB")
    registration = RegistrationFactory(week=WeekFactory(year=2026), local=local)
    assert merging.code_of(registration) == f"w26-id-{local.pk}"


def text_of(response) -> str:
    """The words of a PDF of one page."""
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(page.extract_text().split())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sheet", "Sign-in sheet: CWA Local 1101"),
        ("letter", "In Dayton that person may be your neighbor."),
        ("poster", "End CEO Hocus Pocus"),
    ],
)
def test_a_local_prints_files_with_its_number_in_them(client, name, words):
    registration = approved(
        week=WeekFactory(year=2026, hashtag="#Good"), local=LocalFactory(number="1101", city="Dayton")
    )
    response = client.get(f"{page_of(registration)}print/{name}.pdf")
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == f'inline; filename="{name}-1101.pdf"'
    assert "no-store" in response["Cache-Control"]
    text = text_of(response)
    assert words in text
    assert "CWA Local 1101" in text
    assert "http://testserver/go/w26-1101/" in text


def test_the_files_are_in_the_readers_language(client):
    registration = approved()
    text = text_of(client.get(f"/es/registration/{registration.key}/print/letter.pdf"))
    assert "A la redacción:" in text


def test_long_words_still_fit_on_one_page(client):
    registration = approved(
        week=WeekFactory(theme="End offshoring " * 9, hashtag=f"#{'A' * 59}"),
        local=LocalFactory(name="Communications workers of the great lakes " * 2),
        contact_name="Ada " * 25,
    )
    for name in ("sheet", "letter", "poster"):
        assert registration.local.name.split()[0] in text_of(client.get(f"{page_of(registration)}print/{name}.pdf"))


@pytest.mark.parametrize("name", ["other", "sheet-1", "SHEET"])
def test_an_unknown_file_is_not_there(client, name):
    assert client.get(f"{page_of(approved())}print/{name}.pdf").status_code == 404


def test_who_is_not_accepted_yet_prints_nothing(client):
    registration = RegistrationFactory()
    assert client.get(f"{page_of(registration)}print/sheet.pdf").status_code == 404
    assert "To print and to share" not in client.get(page_of(registration)).content.decode()


def test_the_petitions_sheet_is_printed_with_the_locals_code(client):
    registration = RegistrationFactory(week=WeekFactory(year=2026), local=LocalFactory(number="1101"))
    ToolkitItemFactory(week=registration.week, path="/petitions/jobs/sheet/")
    ToolkitItemFactory(week=registration.week, path="/petitions/jobs/")
    registering.approve(registrations=[registration], by=StaffFactory())
    page = client.get(page_of(registration)).content.decode()
    assert 'href="/petitions/jobs/sheet/?from=w26-1101"' in page
    assert 'href="/petitions/jobs/"' in page


def test_printing_writes_nothing(client):
    registration = RegistrationFactory(approved=True)
    client.get(f"{page_of(registration)}print/sheet.pdf")
    assert not SourceCode.objects.exists()
