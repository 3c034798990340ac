"""Staff find a signature by a whole address, a name or a ZIP code; each by an index."""

import pytest

from petitions.admin import signature_search
from petitions.models import Signature
from tests.members.factories import StaffFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory, tally

pytestmark = pytest.mark.django_db
SIGNATURES = "/admin/petitions/signature/"
Status = Signature.Status


@pytest.fixture
def signed():
    """Three that are confirmed and one that waits."""
    petition = PetitionFactory()
    rows = [
        SignatureFactory(petition=petition, given_name="Ana María", family_name="de la Cruz", zip_code="20001-1234"),
        SignatureFactory(petition=petition, given_name="Ana", family_name="O'Brien", zip_code="85003", state="AZ"),
        SignatureFactory(petition=petition, given_name="Bob", family_name="Peña", source_code="p-1"),
        SignatureFactory(petition=petition, given_name="Ana", family_name="Obrist", status=Status.PENDING),
    ]
    tally(petition, DC=2, AZ=1)
    return rows


def found(term):
    return [row.family_name for row in signature_search.find(Signature.objects.order_by("pk"), term)]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("de la cruz", ["de la Cruz"]),
        ("ana maría de la cruz", ["de la Cruz"]),
        (" Ana  o'b ", ["O'Brien"]),
        ("PEÑA", ["Peña"]),
        ("ob", []),  # who waits is found by a whole address
        ("o", ["O'Brien"]),
        ("brien", []),
        ("%", []),
        ("20001", ["de la Cruz", "Peña"]),
        ("85003-0001", ["O'Brien"]),
        ("99999", []),
    ],
)
def test_names_and_zip_codes_find_what_is_confirmed(signed, term, names):
    assert found(term) == names


def test_a_whole_address_finds_who_waits_too(signed):
    assert found(f" {signed[3].email.upper()} ") == ["Obrist"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "o'brien"}, {"O&#x27;Brien"}),
        ({"source_code": "p-1"}, {"Peña"}),
        ({"source_code": "nowhere"}, set()),
        ({"status__exact": "pending"}, {"Obrist"}),
        ({"suspicion": "1"}, set()),
    ],
)
def test_the_list_is_narrowed_by_search_and_filters(client, signed, query, names):
    client.force_login(StaffFactory())
    page = client.get(SIGNATURES, query).content.decode()
    assert {name for name in ("de la Cruz", "O&#x27;Brien", "Peña", "Obrist") if f"{name}</a>" in page} == names
