"""A signer's private page: what is kept, put right, shown, taken along, taken back."""

import re

import pytest
from django.utils import timezone

from petitions import erasing, signing, tallies
from petitions.models import Signature
from tests.petitions.factories import MeasureFactory, SignatureFactory
from tests.petitions.sitting import lies_in, member
from tests.words import text, title

pytestmark = pytest.mark.django_db
TYPED = {"given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.org", "zip_code": "20001"}
Status = Signature.Status
PRIVATE = 7  # statements


def test_the_private_page_shows_what_we_keep_to_nobody_else(client, confirmed):
    response = client.get(f"/signature/{confirmed.key}/")
    assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
    assert "ada@example.org" in text(response)
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    ids = re.findall(r' id="([^"]+)"', response.content.decode())
    assert len(ids) == len(set(ids))
    for path in ("/signature/unknown/", "/signature/unknown/withdraw/", "/signature/unknown/export.json"):
        assert client.get(path).status_code == 404


def test_a_signer_puts_details_right_and_shows_the_name(client, confirmed):
    page = f"/signature/{confirmed.key}/"
    typed = {"given_name": "Augusta", "family_name": "King", "zip_code": "10001-1234", "show_name": "on"}
    response = client.post(page, typed)
    assert (response.status_code, response["Location"]) == (303, page)
    row = Signature.objects.get()
    assert (str(row), row.zip_code, row.show_name, row.email) == (
        "Augusta King",
        "10001-1234",
        True,
        "ada@example.org",
    )
    assert client.post(page, {k: v for k, v in typed.items() if k != "show_name"}).status_code == 303
    assert Signature.objects.get().show_name is False


def test_a_wrong_correction_is_shown_again(client, confirmed):
    response = client.post(f"/signature/{confirmed.key}/", {"given_name": "", "family_name": "King"})
    assert (response.status_code, title(response)[:6]) == (422, "Error:")
    assert Signature.objects.get().family_name == "Lovelace"


def test_a_signer_withdraws_by_a_button_and_not_by_a_link(client, petition, confirmed):
    page = f"/signature/{confirmed.key}/"
    assert client.get(f"{page}withdraw/").status_code == 200
    assert (Signature.objects.get().status, tallies.count(petition)) == (Status.CONFIRMED, 1)
    response = client.post(f"{page}withdraw/")
    assert (response.status_code, response["Location"]) == (303, page)
    assert (Signature.objects.get().status, tallies.count(petition)) == (Status.WITHDRAWN, 0)
    assert "You have withdrawn your signature." in text(client.get(page))


def test_a_trapped_program_changes_nothing_on_the_private_page(client, confirmed):
    page = f"/signature/{confirmed.key}/"
    for path in (page, f"{page}withdraw/"):
        response = client.post(path, {**TYPED, "given_name": "Mallory", "website": "x"})
        assert (response.status_code, response["Location"]) == (303, page)
    assert (Signature.objects.get().given_name, Signature.objects.get().status) == ("Ada", Status.CONFIRMED)


def test_a_signer_takes_everything_along(client, confirmed):
    response = client.get(f"/signature/{confirmed.key}/export.json")
    data = response.json()
    assert response["Content-Disposition"] == 'attachment; filename="signature.json"'
    assert "no-store" in response["Cache-Control"]
    assert (data["petition"], data["email"], data["status"]) == (
        "save-call-center-jobs",
        "ada@example.org",
        "confirmed",
    )
    internal = {"id", "key", "email_key", "petition_id", "version_id", "letters_sent", "suspicion", "known_local_id"}
    kept = {field.attname for field in Signature._meta.concrete_fields} - internal
    assert set(data) == kept | {
        "petition",
        "text_version",
        "title",
        "known_local",
        "reaffirmed",
        "delivered",
        "evidence",
    }


@pytest.mark.parametrize("is_shown", [True, False])
def test_the_private_page_knows_whether_the_comment_is_shown(client, petition, is_shown):
    row = SignatureFactory(petition=petition, comment="Hear us.", story_shown_at=timezone.now() if is_shown else None)
    assert client.get(f"/signature/{row.key}/").context["is_story"] is is_shown


@pytest.mark.parametrize("others", [0, 3])
def test_the_private_page_asks_the_database_as_often_however_many_there_are(
    client, petition, sign, django_assert_num_queries, others
):
    lies_in("85001", "AZ-03")
    petition.measures.add(MeasureFactory())
    for n in range(2 + others):
        member("AZ-03" if n == 0 else "AZ")
        SignatureFactory(petition=petition)
    sign(zip_code="85001")
    row = signing.confirm_signature(token=signing.confirm_token(Signature.objects.get(email="ada@example.org")))
    # The signature, deliveries, who speaks for the seat, the line of the bill, who is behind it, bills to reaffirm,
    # friends.
    with django_assert_num_queries(PRIVATE):
        client.get(f"/signature/{row.key}/")


def test_the_door_says_the_same_to_who_was_erased(client, petition, confirmed):
    new = client.post(f"/petitions/{petition.slug}/sign/", {**TYPED, "email": "new@example.org"})
    erasing.erase_signature(signature=confirmed)
    erased = client.post(f"/petitions/{petition.slug}/sign/", TYPED)
    assert (erased.status_code, erased["Location"], erased.content) == (new.status_code, new["Location"], new.content)
