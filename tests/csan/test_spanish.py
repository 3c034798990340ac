"""The Spanish twin of the site: every word of ours is there, on the pages and in the letters."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from campaigns.models import Registration, WeekOfAction
from csan import sample, sample_petition, sample_weeks
from csan.lib.mail.letter import build
from members import newsletter, subscriptions
from members.models import Issue, IssueItem, Post, Subscription
from petitions.models import Petition, Signature
from tests.campaigns.factories import BoxFactory, RegistrationFactory
from tests.petitions.factories import SignatureFactory

ROOT = Path(__file__).resolve().parent.parent.parent
MAIL = ROOT / "templates" / "mail"
TO_STAFF = {"members/staff_note", "petitions/staff_note"}  # who work in English
LETTERS = sorted(
    {str(path.relative_to(MAIL))[: -len(".subject.txt")] for path in MAIL.rglob("*.subject.txt")} - TO_STAFF
)

# Hardly an English sentence is without one of these, and no Spanish sentence has any.
ENGLISH = {
    "the", "and", "your", "you", "with", "this", "that", "for", "we", "our", "please", "not", "are", "it", "will",
    "by", "from", "was", "their", "can",
}  # fmt: skip
SHOWN_ATTRIBUTES = {"aria-label", "title", "alt", "placeholder", "content", "data-busy-words"}

pytestmark = pytest.mark.django_db


class Words(HTMLParser):
    """What a page says, to eyes and to screen readers, and the languages it offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.language = ""
        self.alternates: dict[str, str] = {}
        self.switch: dict[str, str] = {}
        self.silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.silent = tag in ("script", "style")
        self.text += [value for name, value in found.items() if name in SHOWN_ATTRIBUTES]
        if tag == "html":
            self.language = found["lang"]
        if "hreflang" in found:
            (self.alternates if tag == "link" else self.switch)[found["hreflang"]] = found["href"]

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)

    @property
    def english(self) -> list[str]:
        """The pieces that have words which no Spanish sentence has."""
        return english(self.text)


def english(pieces: list[str]) -> list[str]:
    return [piece for piece in pieces if ENGLISH & set(re.findall(r"\w+", piece.lower()))]


@pytest.fixture
def site() -> dict[str, str]:
    """The sample's Spanish content, something on every page, and the keys of private ones; posts have one language."""
    sample.load()
    IssueItem.objects.all().delete()
    Post.objects.all().delete()
    Issue.objects.update(status=Issue.Status.SENDING, frozen_at=timezone.now())
    week = WeekOfAction.objects.latest("year")
    subscription = active_subscription()
    RegistrationFactory.create_batch(3, week=week, approved=True)
    taking_part, with_box = RegistrationFactory.create_batch(2, week=week, approved=True, contact_role="")
    BoxFactory(registration=with_box, shipped=True)
    signature = SignatureFactory(petition=Petition.objects.get(slug=sample_petition.SLUG), wants_newsletter=False)
    return {
        "slug": sample_petition.SLUG,
        "year": str(week.year),
        "subscription": subscription.key,
        "registration": taking_part.key,
        "with_box": with_box.key,
        "signature": signature.key,
    }


def active_subscription() -> Subscription:
    asked = subscriptions.subscribe(
        email="ana@example.org", wording="Envíenme el boletín.", source="/es/", language="es"
    )
    return subscriptions.confirm(token=subscriptions.confirm_token(asked))


PUBLIC = [
    "/",
    "/privacy/",
    "/subscribe/",
    "/subscribe/check-your-email/",
    "/subscribe/confirmed/",
    "/unsubscribed/",
    "/newsletter/",
    "/newsletter/1/",
    "/news/",
    "/news/submit/",
    "/news/submit/thank-you/",
    "/campaigns/{slug}/",
    "/petitions/{slug}/",
    "/petitions/{slug}/check-your-email/",
    "/petitions/{slug}/signed/",
    "/petitions/{slug}/signed/?seat=NY&from=f-77777777",
    "/signature/code/",
    "/signature/erased/",
    "/week-of-action/{year}/",
    "/week-of-action/{year}/register/",
    "/week-of-action/{year}/registered/",
    "/week-of-action/2017/",
    "/week-of-action/2017/register/",
]
PRIVATE = [
    "/preferences/{subscription}/",
    "/unsubscribe/{subscription}/",
    "/signature/{signature}/",
    "/signature/{signature}/withdraw/",
    "/signature/{signature}/erase/",
    "/registration/{registration}/",
    "/registration/{registration}/change/",
    "/registration/{registration}/withdraw/",
    "/registration/{with_box}/",
]
MISSING = ["/nowhere/", "/subscribe/confirm/nonsense/", "/signature/nonsense/confirm/"]


@pytest.mark.parametrize("address", PUBLIC + PRIVATE + MISSING)
def test_a_spanish_page_has_no_english_left(client, site, address):
    response = client.get("/es" + address.format(**site))
    page = Words(response.content.decode())

    assert (response.status_code, page.language) == (404 if address in MISSING else 200, "es")
    assert page.english == []
    assert response["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("address", "data"),
    [
        ("/subscribe/", {"email": "ana", "given_name": "x" * 200, "zip_code": "1", "local": "www.example.org"}),
        ("/petitions/{slug}/sign/", {"email": "", "zip_code": "abc", "comment": "x" * 3000}),
        ("/week-of-action/{year}/register/", {"members_count": "0", "phone": "1", "ship_address1": "PO Box 5"}),
        ("/week-of-action/{year}/register/", {"members_count": "many", "tasks": "dance", "ship_state": "XX"}),
        ("/news/submit/", {"title": "www.example.org", "body": "x" * 13_000, "email": "ana"}),
        ("/preferences/{subscription}/", {"language": "fr"}),
        ("/registration/{registration}/change/", {"members_count": "9999999"}),
    ],
)
def test_a_refused_form_says_why_in_spanish(client, site, address, data):
    response = client.post("/es" + address.format(**site), data)
    page = Words(response.content.decode())

    assert (response.status_code, page.language) == (422, "es")
    assert "Hay un problema" in page.text
    assert page.english == []


def test_the_english_words_of_a_page_would_be_noticed(client, site):
    assert Words(client.get("/").content.decode()).english != []


@pytest.mark.parametrize("address", PUBLIC + PRIVATE)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_other_language_is_the_same_page(client, site, prefix, address):
    path = address.format(**site)

    html = client.get(prefix + path).content.decode()
    page = Words(html)

    english, spanish = path, f"/es{path}"
    assert page.switch == ({"en": english} if prefix else {"es": spanish})
    found = {
        "en": f"http://testserver{english}",
        "es": f"http://testserver{spanish}",
        "x-default": f"http://testserver{english}",
    }
    assert page.alternates == ({} if 'content="noindex"' in html else found)  # nobody is led to a private page


def test_days_and_numbers_of_a_page_are_written_in_spanish(client, site):
    past, coming = (client.get(f"/es/week-of-action/{year}/").content.decode() for year in ("2017", site["year"]))

    assert "15–21 de octubre de 2017" in past
    assert "Participan 5 locales." in coming


def test_the_feed_is_in_spanish(client, site):
    feed = client.get("/es/newsletter/feed.xml").content.decode()

    assert 'xml:lang="es"' in feed
    assert "<title>Customer Service Action Network: Boletín</title>" in feed
    assert "Queridas amigas" in feed


def test_one_click_of_a_mail_program_is_answered_in_spanish(client, site):
    response = client.post(f"/es/unsubscribe/{site['subscription']}/", {"List-Unsubscribe": "One-Click"})

    assert response.content.decode() == "Su suscripción está cancelada.\n"


FULL = {
    "name": "Ana",
    "local": "CWA 1101",
    "year": 2017,
    "theme": sample_weeks.THEME_ES,
    "title": "Salvemos los empleos",
    "ask": sample_petition.ASK_ES,
    "ship_lines": ["Ana Reyes", "501 Third Street NW"],
    "members_count": 1,
    "freeze_on": "29 de septiembre de 2017",
    "ship_by": "6 de octubre de 2017",
    "code": "17-7K3Q",
    "carrier": "UPS",
    "tracking_number": "1Z999",
    "tracking_url": "https://www.ups.com/track",
    "sent_title": "Contesto en dos idiomas",
    "note_lines": ["Quitamos una frase."],
    "reason_lines": ["Ya teníamos una parecida."],
    "number": 12,
    "readers": 3204,
}
SPARSE = {**FULL, "name": "", "carrier": "", "tracking_url": ""}


@pytest.mark.parametrize("context", [FULL, SPARSE], ids=["full", "sparse"])
@pytest.mark.parametrize("template", LETTERS)
def test_each_letter_is_spanish_from_its_subject_to_its_foot(template, context):
    spanish, in_english = (
        build(template, to="ana@example.org", language=language, context=context, reference="r")
        for language in ("es", "en")
    )
    page = Words(spanish.html)

    assert spanish.subject != in_english.subject
    assert english([spanish.subject, *spanish.text.splitlines()]) == []
    assert (page.language, page.english) == ("es", [])


def test_an_issue_is_spanish_but_for_its_posts(site):
    rendition = newsletter.render(Issue.objects.get(), "es")

    assert rendition.subject == "Tres minutos por los empleos de los centros de llamadas, y más noticias"
    assert english(rendition.text.splitlines()) == []
    assert Words(rendition.html).english == []


def test_every_letter_was_looked_at():
    assert len(LETTERS) >= 10
    assert {template.partition("/")[0] for template in LETTERS} == {"members", "campaigns", "petitions"}


def test_who_uses_the_spanish_pages_gets_spanish_letters(client, site, mailbox):
    mailbox.send_and_read()
    details = {
        "local_number": "1101", "contact_name": "Ana", "phone": "202-555-0134", "members_count": "12",
        "ship_name": "Ana", "ship_address1": "501 Third Street NW", "ship_city": "Washington", "ship_state": "DC",
        "ship_zip": "20001",
    }  # fmt: skip
    signer = {"given_name": "Eva", "family_name": "Luz", "zip_code": "20001"}

    client.post("/es/subscribe/", {"email": "one@example.org"})
    client.post(f"/es/petitions/{site['slug']}/sign/", {"email": "two@example.org", **signer})
    client.post(f"/es/week-of-action/{site['year']}/register/", {"email": "three@example.org", **details})

    subjects = {letter["To"]: letter["Subject"] for letter in mailbox.send_and_read()}
    assert subjects["one@example.org"] == "Confirme: el boletín de CSAN"
    assert subjects["two@example.org"] == "Confirme su firma: Salvemos los empleos de los centros de llamadas"
    assert subjects["three@example.org"] == "Recibimos el registro de CWA Local 1101"
    assert Signature.objects.get(email="two@example.org").language == "es"
    assert Registration.objects.get(email="three@example.org").language == "es"


def test_the_site_speaks_the_languages_that_this_test_knows():
    assert [code for code, _ in settings.LANGUAGES] == ["en", "es"]
