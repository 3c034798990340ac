"""A bill that came after the one they signed for: signers are asked on their page, and nothing is moved silently."""

import pytest

from petitions import publishing, signing, succeeding
from petitions.models import Reaffirmation
from tests.petitions.factories import MeasureFactory, SignatureFactory, VersionFactory
from tests.words import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def heir(petition, confirmed):
    """The next Congress' bill, to which the petition has moved after the signature."""
    heir = MeasureFactory(congress=116, number=3219)
    petition.measures.add(MeasureFactory(congress=115, number=1300, successor=heir))
    if not petition.versions.published().exists():
        VersionFactory(petition=petition, published_at=None)
        publishing.publish_text(petition=petition, by=None)
    succeeding.move_to_successor(petition=petition, measure=heir, by=None)
    return heir


def test_a_yes_is_kept_once_and_not_asked_for_again(client, confirmed, heir):
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


@pytest.mark.parametrize("measure", ["", "x", "0"])
def test_what_is_not_asked_is_not_kept(client, confirmed, heir, measure):
    client.post(f"/signature/{confirmed.key}/reaffirm/", {"measure": measure})
    assert Reaffirmation.objects.count() == 0


@pytest.mark.parametrize("status", ["pending", "withdrawn", "invalid"])
def test_only_who_counts_is_asked(petition, confirmed, heir, status):
    early = SignatureFactory(petition=petition, version=confirmed.version, status=status)
    assert succeeding.open_measures(early) == []
    assert succeeding.open_measures(confirmed) == [heir]


def test_where_nothing_is_asked_the_page_leads_back(client, confirmed):
    response = client.get(f"/signature/{confirmed.key}/reaffirm/")
    assert (response.status_code, response["Location"]) == (303, f"/signature/{confirmed.key}/")
    signing.withdraw_signature(signature=confirmed)
    assert succeeding.open_measures(confirmed) == []
