"""The petition's public pages, as a visitor without JavaScript meets them."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from members import directory
from members.models import Local, Message, Subscription
from petitions import friends, signing, tallies
from petitions.models import Petition, Signature, TallyDelta
from tests.petitions.factories import (
    MeasureFactory,
    PetitionFactory,
    SignatureFactory,
    TallyDeltaFactory,
    TallyFactory,
    VersionFactory,
)
from tests.words import text, title

pytestmark = pytest.mark.django_db
PAGE = "/petitions/save-call-center-jobs/"
SIGN = f"{PAGE}sign/"
CHECK = f"{PAGE}check-your-email/"
TYPED = {"given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.org", "zip_code": "20001"}
Status = Signature.Status


def token():
    return signing.confirm_token(Signature.objects.get())


def test_the_page_shows_text_bills_count_and_form(client, petition):
    petition.measures.add(MeasureFactory(number=1300), MeasureFactory(kind="s", number=515))
    TallyFactory(petition=petition, count=12431)
    response = client.get(PAGE)
    assert response.status_code == 200
    assert title(response).startswith("Save Call Center Jobs")
    assert "12,431 of 15,000 signatures" in text(response)
    assert "Petition · H.R.1300 · S.515 Save Call Center Jobs" in text(response)
    html = response.content.decode()
    assert "<strong>where</strong>" in html
    assert 'value="12431" max="15000"' in re.search(r"<progress[^>]*>", html)[0]
    assert f'action="{SIGN}"' in html
    names = re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', html.partition("</main>")[0])
    assert set(names) == {
        *TYPED,
        "local",
        "comment",
        "show_name",
        "newsletter",
        "website",
        "began",
        "kept_email",
        "event",
    }
    assert "checked" not in html


def test_the_page_speaks_spanish_where_it_was_translated(client, petition):
    VersionFactory(petition=petition, number=2, title_es="Salvemos los empleos")
    response = client.get(f"/es{PAGE}")
    assert title(response).startswith("Salvemos los empleos")
    assert 'action="/es/petitions/save-call-center-jobs/sign/"' in response.content.decode()


@pytest.mark.parametrize(("path", "age"), [(CHECK, 60), (f"{PAGE}signed/", 60), (f"{PAGE}sheet/", 60)])
def test_public_pages_may_be_kept_by_a_cache_and_set_no_cookie(client, petition, path, age):
    response = client.get(path)
    assert (response.status_code, set(response["Cache-Control"].split(", "))) == (200, {"public", f"max-age={age}"})
    assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


def test_no_answer_to_a_post_sets_a_cookie(client, petition, confirmed):
    key = confirmed.key
    for path, data in [(SIGN, TYPED), (SIGN, {}), (f"/signature/{key}/", {}), (f"/signature/{key}/withdraw/", {})]:
        response = client.post(path, data)
        assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


def test_the_count_for_programs(client, petition):
    TallyFactory(petition=petition, count=1233)
    TallyDeltaFactory(petition=petition)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        response = client.get(f"{PAGE}count.json")
    assert response.json() == {"count": 1234, "goal": 15000, "counted_at": "2030-01-01T00:00:00Z"}
    cache = set(response["Cache-Control"].split(", "))
    assert cache == {"public", "max-age=5", "stale-while-revalidate=30", "stale-if-error=600"}


@pytest.mark.parametrize("what", ["", "sign/", "check-your-email/", "signed/", "sheet/", "count.json"])
def test_what_is_not_public_is_not_found(client, petition, what):
    PetitionFactory(slug="tomorrow", opens_at=timezone.now() + timedelta(days=1))
    PetitionFactory(slug="wordless", version=None)
    for slug in ("tomorrow", "wordless", "unknown"):
        assert client.get(f"/petitions/{slug}/{what}").status_code == 404
    assert client.post("/petitions/tomorrow/sign/", TYPED).status_code == 404


def test_from_the_form_to_the_count(client, petition, mailbox):
    response = client.post(SIGN, {**TYPED, "newsletter": "on"})
    assert (response.status_code, response["Location"]) == (303, CHECK)
    (letter,) = mailbox.send_and_read()
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Confirm your signature: Save Call Center Jobs")
    assert letter["Auto-Submitted"] == "auto-generated"
    (link,) = re.findall(r"http://testserver(/signature/\S+/confirm/)", letter.get_body(("plain",)).get_content())
    assert f"http://testserver{link}" in letter.get_body(("html",)).get_content()
    assert "Ada Lovelace" in text(client.get(link))
    response = client.post(link)
    code = friends.code_of(Signature.objects.get())
    assert (response.status_code, response["Location"]) == (303, f"{PAGE}signed/?seat=DC&from={code}")
    assert "1 of 15,000" in text(client.get(response["Location"]))
    assert client.get(f"{PAGE}count.json").json()["count"] == 1
    assert Subscription.objects.get().status == "active"
    thanks = next(each for each in mailbox.send_and_read() if each["Subject"].startswith("Your signature counts"))
    (private,) = re.findall(r"http://testserver(/signature/\S+/)", thanks.get_body(("plain",)).get_content())
    assert private == f"/signature/{Signature.objects.get().key}/"


def test_a_name_stands_in_a_letter_as_it_was_typed(client, petition, mailbox):
    client.post(SIGN, {**TYPED, "given_name": "Ada & Söhne <b>"})
    (letter,) = mailbox.send_and_read()
    assert "Hello Ada & Söhne <b>," in letter.get_body(("plain",)).get_content()
    assert "Hello Ada &amp; Söhne &lt;b&gt;," in letter.get_body(("html",)).get_content()


def test_a_letter_comes_in_the_language_of_the_page(client, petition):
    response = client.post(f"/es{SIGN}", TYPED)
    assert response["Location"] == f"/es{CHECK}"
    letter = Message.objects.get()
    assert (letter.language, letter.context["confirm_url"].startswith("http://testserver/es/signature/")) == (
        "es",
        True,
    )
    assert Signature.objects.get().source == f"/es{SIGN}"


def test_the_answer_is_the_same_for_every_address(client, petition):
    for email, status in [("new", None), *[(each.value, each) for each in Status]]:
        if status:
            SignatureFactory(petition=petition, email=f"{email}@example.org", status=status)
        response = client.post(SIGN, {**TYPED, "email": f"{email}@example.org"})
        assert (response.status_code, response["Location"], response.content) == (303, CHECK, b"")


def test_a_filled_honeypot_looks_like_success_and_stores_nothing(client, petition):
    for data in ({**TYPED, "website": "https://spam.example"}, {"website": "x"}):
        response = client.post(SIGN, data)
        assert (response.status_code, response["Location"]) == (303, CHECK)
    assert (Signature.objects.count(), Message.objects.count()) == (0, 0)


def test_an_error_keeps_what_was_typed_and_comes_first(client, petition):
    typed = {**TYPED, "email": "not an address", "comment": "Hear <us>", "newsletter": "on", "zip_code": "2"}
    response = client.post(SIGN, typed)
    html = response.content.decode()
    assert (response.status_code, title(response).startswith("Error: Save Call Center Jobs")) == (422, True)
    assert html.index("error-summary") < html.index("<h1>")
    for kept in ('value="Ada"', 'value="Lovelace"', 'value="not an address"', "Hear &lt;us&gt;", 'value="2"'):
        assert kept in html
    assert len(re.findall("checked", html)) == 1
    assert "max-age=60" not in response["Cache-Control"]
    assert Signature.objects.count() == 0


def test_an_empty_post_is_an_error_about_each_required_field(client, petition):
    response = client.post(SIGN, {})
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(TYPED))


def test_the_sign_address_shows_the_form_when_it_is_opened(client, petition):
    response = client.get(SIGN)
    assert (response.status_code, response.context["form"].is_bound) == (200, False)


@pytest.mark.parametrize("scope", ["client", "email"])
def test_too_many_attempts_are_put_off_with_the_form_kept(client, petition, settings, scope):
    settings.BUDGETS = {**settings.BUDGETS, "sign": {"client": (99, 600), "email": (99, 600), scope: (2, 600)}}
    answers = [client.post(SIGN, TYPED) for _ in range(3)]
    assert [each.status_code for each in answers] == [303, 303, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 600
    assert 'value="Lovelace"' in answers[2].content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(client, petition, confirmed, headers):
    before = list(Signature.objects.values())
    paths = [SIGN, f"/signature/{token()}/confirm/", f"/signature/{confirmed.key}/"]
    for path in [*paths, f"/signature/{confirmed.key}/withdraw/"]:
        assert client.post(path, {**TYPED, "email": "other@example.org"}, headers=headers).status_code == 403
    assert list(Signature.objects.values()) == before


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_a_post_from_our_own_page_is_taken(petition, headers):
    assert Client(enforce_csrf_checks=True).post(SIGN, TYPED, headers=headers).status_code == 303


def test_opening_the_confirm_link_changes_nothing(client, petition, sign):
    sign()
    before = Signature.objects.values().get()
    for method in (client.get, client.head):
        response = method(f"/signature/{token()}/confirm/")
        assert (response.status_code, "no-store" in response["Cache-Control"]) == (200, True)
    assert (Signature.objects.values().get(), TallyDelta.objects.count()) == (before, 0)


def test_pressing_the_confirm_button_twice_counts_once(client, petition, sign):
    sign()
    link = f"/signature/{token()}/confirm/"
    answers = [client.post(link) for _ in range(2)]
    code = friends.code_of(Signature.objects.get())
    assert [(each.status_code, each["Location"]) for each in answers] == [
        (303, f"{PAGE}signed/?seat=DC&from={code}")
    ] * 2
    assert (TallyDelta.objects.count(), tallies.count(petition)) == (1, 1)


def test_expired_and_forged_links_are_not_found(client, petition, sign):
    sign()
    link = f"/signature/{token()}/confirm/"
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        expired = [client.get(link), client.post(link)]
    for response in [*expired, client.get("/signature/1.2:3:4/confirm/"), client.post("/signature/x/confirm/")]:
        assert (response.status_code, title(response)[:26]) == (404, "This link no longer works ")
    assert Signature.objects.get().status == Status.PENDING


def test_a_closed_petition_says_so_with_its_final_count_and_cannot_be_signed(client, petition):
    TallyFactory(petition=petition, count=20000)
    Petition.objects.update(closes_at=timezone.now())
    response = client.get(PAGE)
    assert "20,000 of 20,000 signatures" in text(response)
    assert "This petition closed on" in text(response)
    assert "<form" not in response.content.decode().partition("</main>")[0]
    response = client.post(SIGN, TYPED)
    assert (response.status_code, title(response)[:6]) == (422, "Error:")
    assert "This petition has closed and can no longer be signed." in text(response)
    assert Signature.objects.count() == 0


def test_confirming_long_after_the_end_says_why_not(client, petition, sign):
    sign()
    link = f"/signature/{token()}/confirm/"
    Petition.objects.update(closes_at=timezone.now() - timedelta(hours=25))
    for response in (client.get(link), client.post(link)):
        assert response.status_code == 404
        assert "The petition closed more than a day ago" in text(response)


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien", "Nguyễn Thị Mai", "X Æ A-12", "Suharto", "Null", "Jr.", "O", "W" * 80, "محمد", "יוסף כהן",
        "Zoë 👩🏽‍🚀", "=1+1", "Keliʻi Kahananui", "D'Arcy-Smith III", "de la Cruz, M.D.", "名前",
    ],
)  # fmt: skip
def test_real_names_are_taken_as_they_are(client, petition, name):
    response = client.post(SIGN, {**TYPED, "given_name": name, "family_name": name})
    assert response.status_code == 303
    assert Signature.objects.values_list("given_name", "family_name").get() == (name, name)
    assert response.status_code == client.post(f"/signature/{token()}/confirm/").status_code
    assert name in text(client.get(f"/signature/{Signature.objects.get().key}/"))


@pytest.mark.parametrize("name", ["https://spam.example", "www.spam", "Buy at cheap-pills.com now"])
def test_a_web_address_is_no_name(client, petition, name):
    response = client.post(SIGN, {**TYPED, "given_name": name})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["given_name"])


def test_the_kept_form_of_one_language_is_never_shown_in_another(client, petition):
    english, spanish = (client.get(path).content.decode() for path in (PAGE, f"/es{PAGE}"))
    assert ("First name" in english, "First name" in spanish) == (True, False)
    assert "Nombre" in spanish


def test_the_thanks_page_has_the_count_and_the_goal(client, petition):
    TallyFactory(petition=petition, count=12)
    response = client.get(f"{PAGE}signed/")
    assert (response.context["count"], response.context["goal"]) == (12, 15000)


@pytest.mark.parametrize("rows", [2, 4])
def test_the_list_asks_the_database_twice_and_shows_each_petitions_newest_words(
    client, django_assert_num_queries, rows
):
    for number in range(rows):
        version = VersionFactory(title=f"Old {number}")
        VersionFactory(petition=version.petition, number=2, title=f"New {number}")
        VersionFactory(petition=version.petition, number=3, title=f"Draft {number}", published_at=None)
    with django_assert_num_queries(2):
        page = text(client.get("/petitions/"))
    assert [f"New {number}" in page for number in range(rows)] == [True] * rows
    assert "Old" not in page
    assert "Draft" not in page


def test_locals_of_the_directory_are_suggested_as_long_as_they_fit_on_a_page(client, petition, monkeypatch):
    for number in ("1101", "7019"):
        Local.objects.create(affiliate="CWA", number=number, city="Phoenix", state="AZ")
    cache.clear()
    html = client.get(SIGN).content.decode()
    assert re.findall(r'<option value="([^"]+)">([^<]*)', html.partition('<datalist id="locals">')[2]) == [
        ("CWA Local 1101", "Phoenix, AZ"),
        ("CWA Local 7019", "Phoenix, AZ"),
    ]
    assert 'list="locals"' in html
    monkeypatch.setattr(directory, "MOST_SUGGESTED", 1)
    cache.clear()
    html = client.get(SIGN).content.decode()
    assert ("<option" in html, 'id="locals"' in html) == (False, True)
