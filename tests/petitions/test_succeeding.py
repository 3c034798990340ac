"""A bill that came after the one they signed for: signers are asked, and nothing is moved silently."""

import pytest

from petitions import signing, succeeding
from petitions.models import Reaffirmation
from tests.petitions.factories import MeasureFactory, SignatureFactory
from tests.words import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def heir(petition):
    """The next Congress' bill, which the petition now asks for too."""
    heir = MeasureFactory(congress=116, number=3219)
    petition.measures.add(MeasureFactory(congress=115, number=1300, successor=heir))
    return heir


def test_nobody_is_asked_before_the_petition_has_moved_on(petition, heir, confirmed):
    assert succeeding.open_requests(confirmed) == []
    petition.measures.add(heir)
    assert succeeding.open_requests(confirmed) == [heir]


def test_a_yes_is_kept_once_and_not_asked_for_again(client, petition, heir, confirmed):
    petition.measures.add(heir)
    page = f"/signature/{confirmed.key}/"
    assert "has been brought in again" in text(client.get(page))
    assert "H.R.3219" in text(client.get(f"{page}reaffirm/"))
    assert Reaffirmation.objects.count() == 0
    for _ in range(2):
        response = client.post(f"{page}reaffirm/", {"measure": heir.pk})
        assert (response.status_code, response["Location"]) == (303, page)
    assert Reaffirmation.objects.values_list("signature", "measure").get() == (confirmed.pk, heir.pk)
    assert "has been brought in again" not in text(client.get(page))
    assert client.get(f"{page}export.json").json()["reaffirmed"][0]["bill"] == "H.R.3219 (116th Congress)"


def test_the_text_and_version_they_signed_stay(client, petition, heir, confirmed):
    petition.measures.add(heir)
    version = confirmed.version
    assert succeeding.reaffirm(signature=confirmed, measure=heir)
    assert not succeeding.reaffirm(signature=confirmed, measure=heir)
    confirmed.refresh_from_db()
    assert confirmed.version == version


@pytest.mark.parametrize("measure", ["", "x", "0"])
def test_what_is_not_asked_is_not_kept(client, petition, heir, confirmed, measure):
    petition.measures.add(heir)
    client.post(f"/signature/{confirmed.key}/reaffirm/", {"measure": measure})
    other = MeasureFactory(congress=117)
    with pytest.raises(succeeding.NotAsked):
        succeeding.reaffirm(signature=confirmed, measure=other)
    assert Reaffirmation.objects.count() == 0


@pytest.mark.parametrize("status", ["pending", "withdrawn", "invalid"])
def test_only_who_counts_is_asked(petition, heir, status):
    petition.measures.add(heir)
    assert succeeding.open_requests(SignatureFactory(petition=petition, status=status)) == []


def test_where_nothing_is_asked_the_page_leads_back(client, confirmed):
    response = client.get(f"/signature/{confirmed.key}/reaffirm/")
    assert (response.status_code, response["Location"]) == (303, f"/signature/{confirmed.key}/")
    signing.withdraw_signature(signature=confirmed)
    assert succeeding.open_requests(confirmed) == []
