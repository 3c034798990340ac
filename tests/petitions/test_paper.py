"""Sign-up sheets: two people for each, nobody counted twice, apart from those who confirmed."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from members.models import SourceCode
from petitions import paper, tasks
from petitions.models import District, PaperLine, PaperSheet, Signature, ZipDistrict
from tests.members.factories import LocalFactory, StaffFactory
from tests.members.permitted import permitted
from tests.petitions import congress
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db(transaction=True)
SHEETS = "/admin/petitions/papersheet/"


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    with time_machine.travel(congress.NOON, tick=False):
        yield


@pytest.fixture
def petition():
    return PetitionFactory(slug="jobs")


@pytest.fixture
def keyer():
    return permitted("key_papersheet", "view_papersheet")


@pytest.fixture
def checker():
    return permitted("check_papersheet", "view_papersheet")


@pytest.fixture
def sheet(petition, keyer):
    return paper.take_in(petition=petition, number=7, by=keyer)


@pytest.fixture
def key(sheet, keyer):
    def key(name, zip_code="85003", **changes):
        return paper.add_line(sheet=sheet, name=name, zip_code=zip_code, by=keyer, **changes)

    return key


def photo():
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A phone"
    Image.new("RGB", (800, 1000), "white").save(file, "JPEG", exif=exif)
    return SimpleUploadedFile("sheet.jpg", file.getvalue(), "image/jpeg")


def test_rows_count_once_a_second_person_has_checked_them(sheet, key, keyer, checker, petition):
    for name in ("Ana Ruiz", "Bea Poe"):
        key(name)
    key("Cid", is_attested=False)
    assert paper.attested(petition) == 0
    paper.hand_on(sheet=sheet, by=keyer)
    assert paper.attested(petition) == 0
    paper.approve(sheet=sheet, by=checker)
    assert (paper.attested(petition), paper.by_state(petition)) == (2, {"AZ": 2})
    paper.set_aside(sheet=sheet, by=checker)
    assert paper.attested(petition) == 0


def test_a_row_has_the_district_of_its_zip_code(key, sheet, keyer, checker, petition):
    ZipDistrict.objects.create(
        zip_code="85003", district=District.objects.create(congress=119, state="AZ", number="03")
    )
    line = key("Ana Ruiz", "85003-1234")
    assert (line.position, line.state, line.district) == (1, "AZ", "AZ-03")
    unknown = key("Bea Poe", "00000")
    assert (unknown.position, unknown.state, unknown.district) == (2, "", "")
    paper.hand_on(sheet=sheet, by=keyer)
    paper.approve(sheet=sheet, by=checker)
    assert paper.by_district(petition) == {"AZ-03": 1, "": 1}


def test_who_keyed_any_row_does_not_check(sheet, key, keyer, checker):
    key("Ana Ruiz")
    paper.add_line(sheet=sheet, name="Bea Poe", zip_code="85003", by=checker)
    paper.hand_on(sheet=sheet, by=keyer)
    for by in (keyer, checker):
        with pytest.raises(paper.SamePerson):
            paper.approve(sheet=sheet, by=by)
    paper.approve(sheet=sheet, by=StaffFactory())


@pytest.mark.parametrize(
    ("name", "zip_code", "is_double"),
    [
        ("Ada Lovelace", "85003", True),
        ("  ADA   lovelace ", "85003-0001", True),
        ("Ada Lovelace", "85004", False),
        ("Ada King", "85003", False),
    ],
)
def test_who_has_signed_online_is_counted_there(key, petition, name, zip_code, is_double):
    congress.signed(PetitionFactory())
    congress.signed(petition, status="pending")
    online = congress.signed(petition, zip_code="85003-9999")[0]
    assert key(name, zip_code).signature == (online if is_double else None)


def test_who_stands_on_two_sheets_is_counted_once(key, petition, sheet, keyer, checker):
    first = key("Ana Ruiz")
    assert key("ana ruiz").same_as == first
    other = paper.take_in(petition=petition, number=8, by=keyer)
    assert paper.add_line(sheet=other, name="Ana Ruiz", zip_code="85003", by=keyer).same_as == first
    for each in (sheet, other):
        paper.hand_on(sheet=each, by=keyer)
        paper.approve(sheet=each, by=checker)
    assert paper.attested(petition) == 1
    paper.set_aside(sheet=sheet, by=checker)
    assert paper.attested(petition) == 1  # by the other sheet


def test_who_confirms_online_afterwards_leaves_the_paper_at_night(key, petition, sheet, keyer, checker):
    key("Ada Lovelace")
    paper.hand_on(sheet=sheet, by=keyer)
    paper.approve(sheet=sheet, by=checker)
    congress.signed(petition)
    tasks.look_at_paper_again()
    assert paper.attested(petition) == 0


def test_a_correction_is_looked_up_anew(key, petition, keyer):
    congress.signed(petition)
    line = key("Ada Lovelace")
    line = paper.correct_line(line=line, name="Ida Lovelace", zip_code="10001", is_attested=True, by=keyer)
    assert (line.signature, line.state) == (None, "NY")


def test_what_has_moved_on_is_refused(sheet, key, keyer, checker):
    with pytest.raises(paper.NothingKeyed):
        paper.hand_on(sheet=sheet, by=keyer)
    line = key("Ana Ruiz")
    for act in (paper.approve, paper.hand_back):
        with pytest.raises(paper.WrongState):
            act(sheet=sheet, by=checker)
    paper.hand_on(sheet=sheet, by=keyer)
    with pytest.raises(paper.WrongState):
        key("Bea Poe")
    paper.hand_back(sheet=sheet, by=checker)
    key("Bea Poe")
    paper.hand_on(sheet=sheet, by=keyer)
    paper.correct_line(line=line, name="Ana Ruíz", zip_code="85003", is_attested=True, by=checker)
    paper.approve(sheet=sheet, by=checker)
    for act in (paper.approve, paper.hand_on, paper.hand_back):
        with pytest.raises(paper.WrongState):
            act(sheet=sheet, by=checker)
    log = [entry.change_message for entry in checker.logentry_set.order_by("pk")]
    assert log == ["Handed a sheet back", "Corrected a row while checking (row: 1)", "Checked a sheet (rows: 2)"]


def test_a_number_is_taken_once(petition, sheet, keyer):
    with pytest.raises(paper.NumberTaken):
        paper.take_in(petition=petition, number=7, photo=photo(), by=keyer)
    assert paper.next_number(petition) == 8
    assert default_storage.listdir("private/sheets")[1] == []


def test_the_photo_is_private_bare_and_gone_half_a_year_after_the_sheet_is_settled(petition, keyer, checker, client):
    sheet = paper.take_in(petition=petition, number=1, photo=photo(), by=keyer)
    with default_storage.open(f"private/{sheet.photo}") as file, Image.open(file) as image:
        assert (image.size, dict(image.getexif())) == ((800, 1000), {})
    address = f"{SHEETS}{sheet.pk}/photo/"
    assert client.get(address).status_code == 302  # to the login
    client.force_login(permitted("view_petition"))
    assert client.get(address).status_code == 403
    client.force_login(keyer)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], "no-store" in answer["Cache-Control"]) == (
        200, "image/jpeg", True,
    )  # fmt: skip
    answer.close()
    paper.set_aside(sheet=sheet, by=checker)
    with time_machine.travel(congress.NOON + timedelta(days=179)):
        assert paper.forget_photos() == 0
    with time_machine.travel(congress.NOON + timedelta(days=181)):
        assert paper.forget_photos() == 1
    assert default_storage.listdir("private/sheets")[1] == []
    client.force_login(keyer)
    assert client.get(address).status_code == 404


def test_staff_key_a_sheet_row_by_row_and_somebody_else_checks_it(petition, keyer, checker, client):
    local = LocalFactory()
    client.force_login(keyer)
    taken = client.post(
        f"{SHEETS}add/", {"petition": petition.pk, "number": "12", "local": local.pk, "photo": photo()}
    )
    sheet = PaperSheet.objects.get()
    page = f"{SHEETS}{sheet.pk}/change/"
    assert (taken.status_code, taken.url, sheet.number, sheet.local) == (303, page, 12, local)
    assert f"{SHEETS}{sheet.pk}/photo/" in client.get(page).content.decode()
    row = {"do": "add", "name": "Ana Ruiz", "zip_code": "85003", "is_attested": "on"}
    assert client.post(page, row).status_code == 303
    wrong = client.post(page, {**row, "name": "Bea Poe", "zip_code": "850"})
    body = wrong.content.decode()
    assert (wrong.status_code, PaperLine.objects.count()) == (422, 1)
    assert 'value="Bea Poe"' in body
    assert "A ZIP code has five digits" in body
    line = PaperLine.objects.get()
    bad = client.post(page, {**row, "do": "correct", "line": line.pk, "name": ""})
    assert (bad.status_code, "This field is required." in bad.content.decode()) == (422, True)
    assert client.post(page, {**row, "do": "correct", "line": line.pk, "name": "Ana Ruíz"}).status_code == 303
    assert client.post(page, {**row, "do": "correct", "line": "0"}).status_code == 404
    assert client.post(page, {"do": "approve"}).status_code == 403
    assert client.post(page, {"do": "hand-on"}).status_code == 303
    assert "whoever keys a sheet does not check it" in client.get(page).content.decode()
    client.force_login(checker)
    assert client.post(page, row).status_code == 303  # refused with a warning: the sheet is handed on
    assert "All rows are right" in client.get(page).content.decode()
    assert client.post(page, {"do": "approve"}).status_code == 303
    sheet.refresh_from_db()
    assert (sheet.status, sheet.checked_by, paper.attested(petition)) == ("checked", checker, 1)
    assert client.get(SHEETS).status_code == 200


def test_a_number_or_a_photo_that_is_wrong_is_said_at_the_field(petition, sheet, keyer, client):
    client.force_login(keyer)
    again = client.post(f"{SHEETS}add/", {"petition": petition.pk, "number": "7"})
    assert (again.status_code, "Sheet 7 has been taken in before." in again.content.decode()) == (422, True)
    text = SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")
    broken = client.post(f"{SHEETS}add/", {"petition": petition.pk, "photo": text})
    assert (broken.status_code, "cannot be read as a photo" in broken.content.decode()) == (422, True)
    client.force_login(permitted("view_papersheet"))
    assert client.get(f"{SHEETS}add/").status_code == 403
    assert (
        client.post(f"{SHEETS}{sheet.pk}/change/", {"do": "add", "name": "A", "zip_code": "85003"}).status_code == 403
    )


def test_the_petitions_page_says_how_many_signed_on_paper(petition, client):
    assert "on paper" not in client.get("/petitions/jobs/").content.decode()
    Signature.objects.all().delete()
    checked = congress.sheet(
        petition, StaffFactory(), status="checked", checked_by=StaffFactory(), settled_at=timezone.now()
    )
    congress.line(checked, "Ana Ruiz")
    with time_machine.travel(congress.NOON + timedelta(minutes=1)):
        page = client.get("/petitions/jobs/?later").content.decode()
    assert "and 1 on paper" in page
    assert client.get("/petitions/jobs/count.json").json()["count"] == 0


# The printed sheet


@pytest.fixture
def code():
    return SourceCode.objects.create(
        code="hall-7019",
        kind="sheet",
        label="Sheets of 7019",
        local=LocalFactory(number="7019"),
        path="/petitions/jobs/",
    )


def test_a_printed_sheet_carries_its_locals_code_and_its_number(petition, code, client):
    page = client.get("/petitions/jobs/sheet/?from=hall-7019&number=12").content.decode()
    for shown in ("/petitions/jobs/?from=hall-7019", "CWA Local 7019", "Sheet 12"):
        assert shown in page


@pytest.mark.parametrize(
    "query", ["", "from=nothing", "from=%00", "from=<b>&number=<b>", "number=1234567", "number=²"]
)
def test_a_sheet_with_nothing_of_that_is_the_plain_one(petition, code, client, query):
    page = client.get(f"/petitions/jobs/sheet/?{query}")
    assert page.status_code == 200
    assert "/petitions/jobs/?from=" not in page.content.decode()
    assert "· Sheet" not in page.content.decode()


def test_another_kind_of_code_is_not_printed_on_a_sheet(petition, code, client):
    SourceCode.objects.filter(pk=code.pk).update(kind="poster")
    page = client.get("/petitions/jobs/sheet/?from=hall-7019").content.decode()
    assert "/petitions/jobs/?from=" not in page
