"""The local found in the directory by number, city or name; asked about where that leaves a doubt."""

import re

import pytest

from campaigns.entering import which_local
from campaigns.models import Registration
from members import directory
from members.models import Local
from tests.campaigns.factories import RegistrationFactory, WeekFactory
from tests.campaigns.typed import TYPED
from tests.members.factories import LocalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return f"/week-of-action/{WeekFactory().year}/register/"


@pytest.fixture
def known():
    """A few locals of the directory, by their numbers."""
    rows = (
        ("CWA", "2106", "", "Salisbury", "MD", "2-13"),
        ("CWA", "2108", "", "Salisbury", "MD", "2-13"),
        ("CWA", "3640", "", "Salisbury", "NC", "3"),
        ("IUE-CWA", "81381", "", "Lynn", "MA", "1"),
        ("TNG-CWA", "37083", "Pacific Northwest Newspaper Guild", "Seattle", "WA", "7"),
    )
    return {
        number: LocalFactory(affiliate=affiliate, number=number, name=name, city=city, state=state, district=district)
        for affiliate, number, name, city, state, district in rows
    }


def typed(**changes):
    return {**TYPED, **changes}


def picks(response) -> list[str]:
    """What can be chosen on the page, by the buttons' values."""
    return re.findall(r'name="local_pick" value="([^"]+)"', response.content.decode())


@pytest.mark.parametrize(
    ("written", "affiliate", "number"),
    [
        ("2106", "CWA", "2106"),
        ("Local 2106", "CWA", "2106"),
        ("CWA Local 2106", "CWA", "2106"),
        ("CWA Local 2106", "IUE-CWA", "2106"),
        ("IUE-CWA Local 81381", "CWA", "81381"),
        ("iue-cwa 81381", "CWA", "81381"),
        ("81381", "IUE-CWA", "81381"),
        ("CWA 81381", "IUE-CWA", "81381"),
        ("Pacific Northwest Newspaper Guild", "CWA", "37083"),
        (" pacific northwest  newspaper guild ", "CWA", "37083"),
    ],
)
def test_a_local_of_the_directory_is_found(known, written, affiliate, number):
    found = which_local.read(written, affiliate)
    assert (found.local, found.number, found.affiliate) == (known[number], number, known[number].affiliate)
    assert found.others == ()


@pytest.mark.parametrize(
    ("written", "number", "others"),
    [
        ("Salisbury", "", ["2106", "2108", "3640"]),
        ("salisbury, nc", "", ["3640"]),
        ("Newspaper Guild", "", ["37083"]),
        ("Sali", "", ["2106", "2108", "3640"]),
        ("210", "210", ["2106", "2108"]),
        ("81381", "81381", ["81381"]),
        ("the 37083 people", "", ["37083"]),
        ("4000", "4000", []),
        ("Timbuktu", "", []),
        ("%", "", []),
        ("_", "", []),
    ],
)
def test_what_leaves_a_doubt_has_a_few_to_choose_from(known, written, number, others):
    found = which_local.read(written, "CWA")
    assert (found.local, found.number, [local.number for local in found.others]) == (None, number, others)


def test_there_are_never_more_than_a_handful(known):
    for number in range(20):
        LocalFactory(number=f"62{number:02d}", city="Austin", state="TX", district="6")
    assert len(which_local.read("Austin", "CWA").others) == which_local.MOST == 6


def test_a_local_that_somebody_typed_by_hand_is_shown_to_nobody(known):
    free = RegistrationFactory(
        local__number="5550", local__district="", local__state="", local__city="Salisbury"
    ).local
    assert free not in which_local.read("Salisbury", "CWA").others
    assert which_local.read("5550", "CWA") == which_local.Meant("CWA", "5550")
    assert free not in directory.known()


def test_a_number_that_is_known_goes_straight_to_the_review(client, page, known):
    html = client.post(page, typed(local_number="2106", step="review")).content.decode()
    assert ("Is all of this right?" in html, "CWA Local 2106, Salisbury, MD" in html) == (True, True)
    assert "not in our list yet" not in html


def test_a_city_asks_which_local_and_the_choice_is_registered(client, page, known):
    asked = client.post(page, typed(local_number="Salisbury", step="review"))
    assert (asked.status_code, picks(asked)) == (200, ["CWA:2106", "CWA:2108", "CWA:3640", "typed"])
    assert Registration.objects.count() == 0
    sent_on = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.content.decode()))
    assert {name: sent_on[name] for name in ("contact_name", "ship_city", "step")} == {
        "contact_name": "Ada Reyes", "ship_city": "Washington", "step": "review",
    }  # fmt: skip

    review = client.post(page, {**sent_on, "local_pick": "CWA:3640"})
    html = review.content.decode()
    assert "CWA Local 3640, Salisbury, NC" in html
    final = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    assert client.post(page, final).status_code == 303
    once = Registration.objects.get()
    assert (once.local, once.district) == (known["3640"], "3")


def test_none_of_these_takes_the_number_as_it_was_typed(client, page, known):
    asked = client.post(page, typed(local_number="210", step="review"))
    assert picks(asked)[-1] == "typed"
    html = client.post(page, typed(local_number="210", step="review", local_pick="typed")).content.decode()
    assert ("CWA Local 210" in html, "not in our list yet" in html) == (True, True)
    client.post(page, typed(local_number="210"))
    assert str(Registration.objects.get().local) == "CWA Local 210"


def test_none_of_these_asks_for_the_number_where_a_city_was_typed(client, page, known):
    answer = client.post(page, typed(local_number="Salisbury", step="review", local_pick="typed"))
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"local_number"})
    assert 'value="Salisbury"' in answer.content.decode()


@pytest.mark.parametrize("pick", ["CWA:9999", "CWA", "x:y", ":", "AFA-CWA:2106", "typed:1", "CWA:\0"])
def test_a_pick_that_was_not_offered_counts_for_nothing(client, page, known, pick):
    asked = client.post(page, typed(local_number="Salisbury", step="review", local_pick=pick))
    assert (asked.status_code, len(picks(asked))) == (200, 4)


def test_a_free_entry_reads_the_same_registered_or_not(client, page):
    told = typed(local_number="5550", step="review", email="sam@example.org", began="")
    before = client.post(page, told).content
    RegistrationFactory(local__number="5550", local__affiliate="CWA", local__district="", local__state="")
    assert client.post(page, told).content == before
    assert b"not in our list yet" in before


def test_without_the_look_a_number_registers_and_a_doubt_is_an_error(client, page, known):
    assert client.post(page, typed(local_number="Salisbury")).status_code == 422
    assert client.post(page, typed(local_number="210")).status_code == 303
    assert client.post(page, typed(local_number="IUE-CWA Local 81381", email="a@example.org")).status_code == 303
    assert {str(row.local) for row in Registration.objects.all()} == {"CWA Local 210", "IUE-CWA Local 81381"}
    assert Local.objects.count() == 6


def test_the_form_suggests_the_directory_to_the_browser(client, page, known):
    html = client.get(page).content.decode()
    assert re.search(r'<input[^>]*name="local_number"[^>]*list="locals"', html)
    assert '<option value="CWA Local 2106">Salisbury, MD</option>' in html


# The district


@pytest.mark.parametrize(
    ("local", "told", "district"),
    [
        ({"district": "3", "state": "MD"}, {}, "3"),
        ({"district": "", "state": "OH"}, {}, "4"),
        (None, {}, "2-13"),
        (None, {"ship_state": "TX"}, "6"),
        (None, {"ship_state": "TX", "district": "7"}, "7"),
        (None, {"local_affiliate": "AFA-CWA"}, ""),
        (None, {"ship_state": "AE"}, ""),
    ],
)
def test_the_district_is_filled_in_and_can_be_chosen(client, page, local, told, district):
    if local:
        LocalFactory(affiliate="CWA", number="1101", **local)
    html = client.post(page, typed(local_number="1101", step="review", **told)).content.decode()
    assert (f"<dt>Union district</dt><dd>{district}</dd>" in html) is bool(district)
    client.post(page, typed(local_number="1101", **told))
    assert Registration.objects.get().district == district


def test_a_district_that_does_not_exist_cannot_be_chosen(client, page):
    assert set(client.post(page, typed(district="5")).context["form"].errors) == {"district"}


def test_what_a_local_says_never_moves_it_in_the_directory(client, page):
    LocalFactory(affiliate="CWA", number="1101", district="1", state="NY")
    client.post(page, typed(local_number="1101", district="9"))
    registration = Registration.objects.get()
    assert (registration.district, registration.home_district, registration.local.district) == ("9", "1", "1")


# Suggestions while somebody types


def suggested(client, words) -> list[list[str]]:
    return client.get("/week-of-action/locals.json", {"q": words}).json()["locals"]


def test_locals_are_suggested_by_number_city_and_name_with_public_facts_only(client, known):
    Local.objects.update(size=500)
    assert suggested(client, "2106") == [["CWA Local 2106", "Salisbury, MD"]]
    assert [name for name, _town in suggested(client, "salis")] == [
        "CWA Local 2106",
        "CWA Local 2108",
        "CWA Local 3640",
    ]
    assert suggested(client, "newspaper") == [["Pacific Northwest Newspaper Guild", "Seattle, WA"]]
    for words in ("", "s", "zzz", "x" * 5000, "\0"):
        assert suggested(client, words) == []


def test_suggestions_carry_no_cookie_may_be_kept_and_have_a_budget(client, known, settings):
    settings.BUDGETS = {**settings.BUDGETS, "look-up": {"client": (2, 600)}}
    answer = client.get("/week-of-action/locals.json", {"q": "sal"})
    assert (answer.cookies, answer["Cache-Control"]) == ({}, "public, max-age=3600")
    client.get("/week-of-action/locals.json", {"q": "sa"})
    spent = client.get("/week-of-action/locals.json", {"q": "sa"})
    assert (spent.status_code, spent.json(), int(spent["Retry-After"]) > 0) == (429, {"locals": []}, True)


def test_too_many_locals_for_a_page_are_asked_for_as_one_types(client, page, known, monkeypatch):
    assert not {"data-from", "js/locals"} & set(re.findall("data-from|js/locals", client.get(page).content.decode()))
    monkeypatch.setattr(directory, "MOST_SUGGESTED", 3)
    html = client.get(page).content.decode()
    assert ('data-from="/week-of-action/locals.json"' in html, "Salisbury, MD" in html) == (True, False)
    assert "js/locals" in html
