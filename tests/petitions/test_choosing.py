"""A ZIP code of several districts: the signer says who represents them, nobody guesses."""

import pytest

from petitions import choosing, signing, tallies
from petitions.models import Signature
from tests.petitions.sitting import lies_in, member
from tests.words import text

pytestmark = pytest.mark.django_db
How = Signature.DistrictHow


@pytest.fixture
def split(sign):
    """Ada's confirmed signature, from a ZIP code in three districts."""
    lies_in("90210", "CA-30", "CA-32", "CA-36")
    lies_in("10001", "NY-12")
    sign(zip_code="90210")
    return signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))


def told():
    return Signature.objects.values_list("district", "district_how").get()


def test_the_private_page_asks_by_name_and_keeps_the_choice(client, split):
    member("CA-30", "Luis Ortega")
    page = client.get(f"/signature/{split.key}/")
    choices = [str(label) for _, label in page.context["choice"].fields["district"].choices]
    assert choices == [
        "Rep. Luis Ortega, CA-30",
        "The seat is vacant, CA-32",
        "The seat is vacant, CA-36",
        "I am not sure",
    ]
    response = client.post(f"/signature/{split.key}/representative/", {"district": "CA-36"})
    assert (response.status_code, response["Location"]) == (303, f"/signature/{split.key}/")
    assert told() == ("CA-36", How.CHOSEN)
    assert Signature.objects.get().district_congress is not None


def test_who_is_not_sure_may_say_so_and_choose_later(client, split):
    page = f"/signature/{split.key}/representative/"
    answers = []
    for choice in ("unsure", "CA-30", "unsure"):
        assert client.post(page, {"district": choice}).status_code == 303
        answers.append(told())
    assert answers == [("", How.UNSURE), ("CA-30", How.CHOSEN), ("", How.UNSURE)]


@pytest.mark.parametrize("wrong", ["", "NY-12", "CA-99", "x"])
def test_what_is_no_candidate_is_refused(client, split, wrong):
    response = client.post(f"/signature/{split.key}/representative/", {"district": wrong})
    assert (response.status_code, "Choose a name" in text(response) or bool(wrong)) == (422, True)
    assert told() == ("", How.SPLIT)
    with pytest.raises(choosing.NotACandidate):
        choosing.choose_district(signature=split, district="NY-12")


def test_where_there_is_nothing_to_choose_nothing_is_asked(client, confirmed):
    page = f"/signature/{confirmed.key}/representative/"
    for response in (client.get(page), client.post(page, {"district": "CA-30"})):
        assert (response.status_code, response["Location"]) == (303, f"/signature/{confirmed.key}/")
    assert told() == ("", How.UNKNOWN)


def test_another_zip_code_is_looked_up_anew_and_the_same_keeps_the_choice(split):
    details = {name: getattr(split, name) for name in ("given_name", "family_name", "local", "comment", "show_name")}
    choosing.choose_district(signature=split, district="CA-30")
    signing.correct_signature(signature=split, zip_code="90210-0001", **{**details, "given_name": "Augusta"})
    assert told() == ("CA-30", How.CHOSEN)
    signing.correct_signature(signature=split, zip_code="10001", **details)
    assert told() == ("NY-12", How.UNIQUE)
    signing.correct_signature(signature=split, zip_code="90210", **details)
    assert told() == ("", How.SPLIT)


def test_the_count_follows(petition, split):
    choosing.choose_district(signature=split, district="CA-30")
    choosing.choose_district(signature=split, district="unsure")
    assert (tallies.count(petition), tallies.by_state(petition), tallies.recount()) == (1, {"CA": 1}, [])


def test_what_the_zip_code_tells_by_itself_is_not_taken_back(sign):
    lies_in("10001", "NY-12")
    sign(zip_code="10001")
    row = signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    choosing.choose_district(signature=row, district=choosing.UNSURE)
    assert told() == ("NY-12", How.UNIQUE)
