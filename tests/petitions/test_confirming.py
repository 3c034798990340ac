"""Confirming: by the link or by the code beside it; where the signer lives and which local they mean is found then."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Local
from petitions import confirm_codes, signing, tallies
from petitions.models import Petition, Redrawing, Signature
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.petitions.sitting import lies_in
from tests.words import text, title

pytestmark = pytest.mark.django_db
Status, How = Signature.Status, Signature.DistrictHow
CODE = "/signature/code/"
CONFIRMING = 10  # statements
NOON = datetime(2030, 5, 1, 12, 1, tzinfo=UTC)


def confirm():
    return signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))


def typed(**changes):
    return {"email": "ada@example.org", "code": confirm_codes.code_of(Signature.objects.earliest("pk")), **changes}


class TestByTheCode:
    def test_the_letter_has_it_beside_the_link(self, client, petition, sign, mailbox):
        sign()
        body = mailbox.send_and_read()[0].get_body(("plain",)).get_content()
        (code,) = re.findall(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b", body)
        assert f"http://testserver{CODE}" in body
        response = client.post(CODE, typed(code=code.lower()))
        assert (response.status_code, response["Location"].split("?")[0]) == (
            303,
            "/petitions/save-call-center-jobs/signed/",
        )
        assert (Signature.objects.get().status, tallies.count(petition)) == (Status.CONFIRMED, 1)

    def test_opening_the_page_changes_nothing_and_typing_it_twice_counts_once(self, client, petition, sign):
        sign()
        for path in (CODE, "/signature/"):
            assert client.get(path).status_code == 200
        assert Signature.objects.get().status == Status.PENDING
        assert [client.post(CODE, typed()).status_code for _ in range(2)] == [303, 303]
        assert tallies.count(petition) == 1

    def test_another_spelling_of_the_mailbox_does_too(self, client, sign):
        sign(email="ada.lovelace@gmail.com")
        assert client.post(CODE, typed(email="AdaLovelace@gmail.com")).status_code == 303

    def test_every_wrong_pair_gets_the_same_answer(self, client, petition, sign):
        sign()
        gone = SignatureFactory(petition=petition, email="gone@example.org", status=Status.WITHDRAWN)
        wrong = [
            typed(email="nobody@example.org"),
            typed(code="22222222"),
            {"email": "gone@example.org", "code": confirm_codes.code_of(gone)},
            typed(code="x"),
        ]
        answers = [client.post(CODE, each) for each in wrong]
        assert [each.status_code for each in answers] == [422] * 4
        assert {title(each)[:6] for each in answers} == {"Error:"}
        said = {tuple(each.context["form"].errors["code"]) for each in answers}
        assert said == {("This code does not go with this address, or it is too old. Please check both.",)}
        assert Signature.objects.get(email="ada@example.org").status == Status.PENDING

    @pytest.mark.parametrize("scope", ["client", "email"])
    def test_a_few_tries_are_all_there_are(self, client, settings, sign, scope):
        sign()
        settings.BUDGETS = {**settings.BUDGETS, "code": {"client": (99, 600), "email": (99, 600), scope: (2, 600)}}
        answers = [client.post(CODE, typed(code="22222222")).status_code for _ in range(3)]
        assert answers == [422, 422, 429]
        assert client.post(CODE, typed()).status_code == 429

    def test_it_is_of_one_request_and_dies_with_it(self, client, sign):
        sign()
        old = typed()
        signing.withdraw_signature(signature=confirm())
        sign()
        assert client.post(CODE, old).status_code == 422
        assert client.post(CODE, typed()).status_code == 303

    def test_it_lives_as_long_as_the_last_reminders_link(self, client, sign):
        with time_machine.travel(NOON, tick=False) as clock:
            sign()
            clock.shift(confirm_codes.AGE)
            assert client.post(CODE, typed()).status_code == 422
            clock.shift(timedelta(seconds=-1))
            assert client.post(CODE, typed()).status_code == 303

    def test_a_day_after_the_end_it_says_why_not(self, client, sign):
        sign()
        Petition.objects.update(closes_at=datetime.now(UTC) - timedelta(hours=25))
        response = client.post(CODE, typed())
        assert (response.status_code, "The petition closed more than a day ago" in text(response)) == (422, True)

    def test_of_two_petitions_it_confirms_its_own(self, sign):
        sign()
        other = PetitionFactory()
        signing.sign(petition=other, email="ada@example.org", given_name="A", family_name="L", zip_code="20001")
        theirs = Signature.objects.get(petition=other)
        confirmed = signing.confirm_by_code(email="ada@example.org", code=confirm_codes.code_of(theirs))
        assert (confirmed.pk, Signature.objects.filter(status=Status.PENDING).count()) == (theirs.pk, 1)


def test_a_link_of_which_something_was_cut_leads_to_the_code(client, sign):
    sign()
    token = signing.confirm_token(Signature.objects.get())
    for path in (f"/signature/{token[:-5]}/confirm/", f"/signature/{token}/", f"/signature/{token[:-9]}/"):
        response = client.get(path)
        assert (response.status_code, f'href="{CODE}"' in response.content.decode()) == (404, True)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["AZ-03"], ("AZ-03", How.UNIQUE)),
        (["AZ-03", "AZ-07"], ("", How.SPLIT)),
        ([], ("", How.UNKNOWN)),
    ],
)
def test_the_district_is_looked_up_when_the_signature_is_confirmed_and_not_before(sign, codes, expected):
    lies_in("85001", *codes)
    sign(zip_code="85001-1234")
    assert (Signature.objects.get().district_how, Signature.objects.get().district_congress) == ("", None)
    row = confirm()
    row.refresh_from_db()
    assert (row.district, row.district_how) == expected
    assert (row.district_congress is not None) == bool(row.district)


def test_lines_that_were_redrawn_tell_no_district(sign):
    lies_in("75201", "TX-30", on=datetime(2026, 6, 1).date())
    Redrawing.objects.create(congress=120, state="TX")
    with time_machine.travel(datetime(2027, 2, 1, tzinfo=UTC)):
        sign(zip_code="75201")
        assert confirm().district_how == How.REDRAWN


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("1101", "CWA Local 1101"), ("CWA Local 1101", "CWA Local 1101"), ("cwa 1101", "CWA Local 1101"),
        ("IUE-CWA Local 86004", "IUE-CWA Local 86004"), ("86004", "IUE-CWA Local 86004"), ("", None),
        ("my local", None), ("9999", None),
    ],
)  # fmt: skip
def test_the_local_they_mean_is_found_in_the_directory(sign, written, known):
    for affiliate, number in (("CWA", "1101"), ("IUE-CWA", "86004")):
        Local.objects.create(affiliate=affiliate, number=number)
    sign(local=written)
    found = confirm().known_local
    assert (str(found) if found else None) == known


def test_signing_asks_for_no_district_and_confirming_for_few_things(petition, sign):
    lies_in("85001", "AZ-03")
    sign(email="first@example.org", zip_code="85001")
    with CaptureQueriesContext(connection) as at_the_door:
        sign(zip_code="85001", local="CWA 1101")
    asked = " ".join(query["sql"] for query in at_the_door)
    assert ("zipdistrict" in asked, "members_local" in asked) == (False, False)
    row = Signature.objects.get(email="ada@example.org")
    with CaptureQueriesContext(connection) as confirming:
        signing.confirm_signature(token=signing.confirm_token(row))
    looked = [query["sql"] for query in confirming if "FROM petitions_zipdistrict" in query["sql"]]
    assert (len(looked), len(confirming)) == (1, CONFIRMING)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("hall-12", "hall-12"),
        ("HALL-12", "hall-12"),
        ("f-7kq2m9ax", "f-7kq2m9ax"),
        ("<b>", ""),
        ("x" * 21, ""),
        ("", ""),
    ],
)
def test_the_code_that_brought_them_comes_along_through_a_form_with_errors(client, petition, told, kept):
    page = client.get(f"/petitions/{petition.slug}/", {"from": told})
    assert page.context["form"].source_code == kept
    assert (f'name="from" value="{kept}"' in page.content.decode()) == bool(kept)
    details = {"given_name": "Ada", "family_name": "L", "email": "ada@example.org", "zip_code": "20001"}
    wrong = client.post(f"/petitions/{petition.slug}/sign/", {**details, "zip_code": "2", "from": told})
    assert (wrong.status_code, wrong.context["form"].source_code) == (422, kept)
    assert client.post(f"/petitions/{petition.slug}/sign/", {**details, "from": told}).status_code == 303
    assert Signature.objects.get().source_code == kept


@pytest.mark.parametrize(
    ("zip_code", "words"),
    [
        ("K1A 0B1", "This looks like a Canadian postal code."),
        ("k1a0b1", "This looks like a Canadian postal code."),
        ("SW1A 1AA", "This looks like a postal code of another country."),
        ("2139", "A ZIP code has five digits, such as 02139."),
        ("abc", "A ZIP code has five digits, such as 02139."),
    ],
)
def test_a_postal_code_of_elsewhere_is_told_kindly(client, petition, zip_code, words):
    details = {"given_name": "Ada", "family_name": "L", "email": "ada@example.org", "zip_code": zip_code}
    response = client.post(f"/petitions/{petition.slug}/sign/", details)
    assert (response.status_code, words in text(response)) == (422, True)
