"""Address labels from the whip board: the members that are shown, in Washington or at home, and it is recorded."""

import io

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from pypdf import PdfReader

from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions import congress
from tests.petitions.factories import OfficeFactory, PetitionFactory
from tests.words import text

pytestmark = pytest.mark.django_db
ASKED = {"do": "labels", "labels-sheet": "5160", "labels-start": "1", "labels-right": "0", "labels-down": "0"}


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(congress.NOON, tick=False):
        yield


@pytest.fixture
def staff(client):
    found = StaffFactory()
    client.force_login(found)
    return found


@pytest.fixture
def board():
    """Two members, one with two offices at home; a third of whom no address is known."""
    ames, bell = congress.representative(1, "Ames", "AZ", "03"), congress.senator(2, "Bell", "AZ")
    congress.representative(3, "Cole", "CA", "01")
    ames.address = "2431 Rayburn House Office Building Washington DC 20515-4305"
    bell.address = "511 Hart Senate Office Building Washington DC 20510"
    for term in (ames, bell):
        term.save(update_fields=["address"])
    OfficeFactory(legislator=ames.legislator, address="205 4th Ave. NE", suite="Suite 104", zip_code="85003")
    OfficeFactory(legislator=ames.legislator, address="1 Main St", building="Elm Hall", city="Yuma", zip_code="85364")
    return f"/admin/petitions/delivery/whip/{PetitionFactory().pk}/"


def printed(response):
    reader = PdfReader(io.BytesIO(response.content))
    return len(reader.pages), " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_offices_in_washington(client, staff, board):
    response = client.post(board, {**ASKED, "labels-where": "washington"})
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    pages, words = printed(response)
    assert pages == 1
    for label in (
        "The Honorable Pat Ames United States House of Representatives 2431 Rayburn House Office Building "
        "Washington, DC 20515-4305",
        "The Honorable Pat Bell United States Senate 511 Hart Senate Office Building Washington, DC 20510",
    ):
        assert label in words
    assert "Cole" not in words
    entry = LogEntry.objects.get(user=staff)
    assert entry.get_change_message() == "Made address labels (labels: 2, to: washington)"


def test_the_offices_at_home_of_those_that_the_filter_shows(client, staff, board):
    asked = {**ASKED, "labels-where": "home", "labels-sheet": "5163", "labels-start": "10"}
    pages, words = printed(client.post(f"{board}?chamber=house", asked))
    assert pages == 2
    assert "The Honorable Pat Ames 205 4th Ave. NE, Suite 104 Phoenix, AZ 85003" in words
    assert "The Honorable Pat Ames Elm Hall 1 Main St Yuma, AZ 85364" in words


def test_where_no_address_is_known_it_says_so(client, staff, board):
    response = client.post(f"{board}?chamber=senate", {**ASKED, "labels-where": "home"}, follow=True)
    assert "No such address of these members is known." in text(response)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"labels-start": "31"}, "This sheet has 30 labels."),
        ({"labels-start": "0"}, "greater than or equal to 1"),
        ({"labels-down": "37"}, "less than or equal to 36"),
        ({"labels-where": "elsewhere"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_printed_is_said_and_what_was_typed_stays(client, staff, board, changes, words):
    response = client.post(board, {**ASKED, "labels-where": "home", "labels-right": "7.5", **changes})
    assert (response.status_code, words in text(response)) == (422, True)
    assert 'value="7.5"' in response.content.decode()


def test_who_may_see_the_board_may_make_labels_and_nobody_else(client, board):
    for permission, status in (("view_petition", 403), ("view_delivery", 200)):
        client.force_login(permitted(permission))
        assert client.post(board, {**ASKED, "labels-where": "washington"}).status_code == status
