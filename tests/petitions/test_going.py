"""Short links: to a page of this site with a code, without a cookie, never anywhere else."""

import pytest

from members.models import SourceCode
from petitions import friends, signing, tallies
from petitions.models import Signature
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db


def source(path="/petitions/save-call-center-jobs/", code="hall-12"):
    return SourceCode.objects.create(code=code, kind="poster", label="Union hall", path=path)


@pytest.mark.parametrize("typed", ["hall-12", "HALL-12"])
def test_a_posters_code_leads_to_its_page_and_says_so_in_the_address(client, typed):
    source()
    response = client.get(f"/go/{typed}/")
    assert (response.status_code, response["Location"]) == (302, "/petitions/save-call-center-jobs/?from=hall-12")
    assert (response.cookies, response["Cache-Control"]) == ({}, "public, max-age=300")


@pytest.mark.parametrize(
    ("path", "goes_to"),
    [
        ("/week-of-action/2017/?a=b#box", "/week-of-action/2017/?a=b&from=hall-12#box"),
        ("/", "/?from=hall-12"),
        ("/petitions/?next=//elsewhere.example", "/petitions/?next=//elsewhere.example&from=hall-12"),
    ],
)
def test_what_the_page_s_address_has_already_stays(client, path, goes_to):
    source(path)
    assert client.get("/go/hall-12/")["Location"] == goes_to


@pytest.mark.parametrize("path", ["/\t/elsewhere.example/", "/%5celsewhere.example/"])
def test_it_never_leads_to_another_site(client, path):
    source(path)
    where = client.get("/go/hall-12/")["Location"]
    assert (where.startswith("/"), where[1:2] in "/\\\t") == (True, False)


def test_in_spanish_it_leads_to_the_spanish_page(client):
    source()
    assert client.get("/es/go/hall-12/")["Location"] == "/es/petitions/save-call-center-jobs/?from=hall-12"


@pytest.mark.parametrize("code", ["nobody", "f-77777777", "f-", "x" * 60, "a b", "%3Cb%3E", "..%2F"])
def test_a_code_that_we_do_not_know_leads_to_the_first_page(client, petition, code):
    response = client.get(f"/go/{code}/")
    assert (response.status_code, response["Location"]) == (302, "/") if "%2F" not in code else response.status_code


def test_a_signers_code_leads_to_what_they_signed(client, confirmed):
    code = friends.code_of(confirmed)
    response = client.get(f"/go/{code.upper()}/")
    assert response["Location"] == f"/petitions/save-call-center-jobs/?from={code}"
    signing.withdraw_signature(signature=confirmed)
    assert client.get(f"/go/{code}/")["Location"] == "/"


def test_the_private_page_has_the_code_and_how_many_came_by_it(client, petition, confirmed):
    code = friends.code_of(confirmed)
    for status in ("confirmed", "confirmed", "pending", "withdrawn"):
        SignatureFactory(petition=petition, source_code=code, status=status)
    SignatureFactory(source_code=code)  # of another petition
    SignatureFactory(petition=petition, source_code="f-77777777")
    tallies.note(Signature.objects.counting(), 1)
    page = client.get(f"/signature/{confirmed.key}/")
    assert (page.context["brought"], f"http://testserver/go/{code}/" in page.content.decode()) == (2, True)


def test_codes_of_signers_tell_nothing_about_their_numbers(petition):
    made = [friends.code_of(SignatureFactory(petition=petition)) for _ in range(20)]
    assert (len(set(made)), made != sorted(made)) == (20, True)
    assert all(Signature._meta.get_field("source_code").max_length >= len(code) for code in made)
