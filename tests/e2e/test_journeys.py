"""The three journeys, subscribe, sign and register, complete with their letters: however somebody travels."""

import re
from dataclasses import dataclass, field

import pytest
from django.forms import Form
from django.utils import translation
from playwright.sync_api import Page, expect

from campaigns.entering.forms import RegistrationForm
from members.forms import SubscribeForm
from petitions.forms import SignForm
from tests.e2e.acts import SLUG, YEAR
from tests.e2e.browsing import DESKTOP, PHONE
from tests.e2e.hands import Hands, Keyboard, Pointer
from tests.e2e.pages import in_language
from tests.e2e.running import LETTER_TIMEOUT, WEB_ADDRESS, Site
from tests.processes import wait_until

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Way:
    """How somebody travels."""

    hands: Hands = field(default_factory=Pointer)
    js: bool = True
    language: str = "en"
    size: tuple[int, int] = DESKTOP


WAYS = {
    "with the keyboard alone": Way(hands=Keyboard()),
    "with the keyboard alone, without JavaScript": Way(hands=Keyboard(), js=False),
    "without JavaScript": Way(js=False),
    "in Spanish": Way(language="es"),
    "on a phone": Way(size=PHONE),
}
EVERY_WAY = pytest.mark.parametrize("number", range(len(WAYS)), ids=list(WAYS))


@dataclass
class Traveller:
    """Somebody who fills in forms in their own way and reads their letters."""

    way: Way
    page: Page
    site: Site
    email: str

    def go(self, address: str) -> None:
        self.page.goto(in_language(address, self.way.language))

    def label(self, form: type[Form], name: str) -> str:
        """What the field is called in the traveller's language."""
        with translation.override(self.way.language):
            return str(form.base_fields[name].label)

    def fill(self, form: type[Form], **values: str) -> None:
        for name, value in values.items():
            self.way.hands.fill(self.page, name, self.label(form, name), value)

    def choose(self, form: type[Form], name: str, option: str) -> None:
        self.way.hands.choose(self.page, name, self.label(form, name), option)

    def check(self, form: type[Form], name: str) -> None:
        self.way.hands.check(self.page, name, self.label(form, name))

    def press(self) -> None:
        self.way.hands.press(self.page)

    def arrive(self, address: str) -> None:
        """The page of this address is there, whatever it asks for, with its heading, in the traveller's language."""
        whole = re.escape(f"{self.site.address}{in_language(address, self.way.language)}")
        expect(self.page).to_have_url(re.compile(rf"^{whole}(\?.*)?$"))
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator("html")).to_have_attribute("lang", self.way.language)

    def links(self, pattern: str) -> list[str]:
        """The links like this in all letters so far, oldest first."""
        bodies = [letter.get_body(("plain",)) for letter in self.site.letters(self.email)]
        return [
            link
            for body in bodies
            if body
            for link in WEB_ADDRESS.findall(body.get_content())
            if re.search(pattern, link)
        ]

    def follow(self, pattern: str) -> None:
        """The newest link like this in a letter, which leads to a page in the traveller's language."""
        wait_until(lambda: bool(self.links(pattern)), LETTER_TIMEOUT, f"a letter with {pattern} to {self.email}")
        link = self.links(pattern)[-1]
        assert link.startswith(f"{self.site.address}{in_language('/', self.way.language)}")
        self.page.goto(link)


@pytest.fixture
def traveller(number, site, visit, request) -> Traveller:
    way = list(WAYS.values())[number]
    journey = request.node.function.__name__
    return Traveller(way, visit(js=way.js, size=way.size), site, f"{journey.replace('_', '-')}-{number}@example.org")


@EVERY_WAY
def test_subscribing(traveller):
    traveller.go("/subscribe/")
    traveller.fill(SubscribeForm, email=traveller.email, given_name="Dolores")
    traveller.press()
    traveller.arrive("/subscribe/check-your-email/")
    traveller.follow("/subscribe/confirm/")
    traveller.press()
    traveller.arrive("/subscribe/confirmed/")
    traveller.follow("/preferences/")
    expect(traveller.page.get_by_text(traveller.email).first).to_be_visible()


@EVERY_WAY
def test_signing(traveller):
    before = traveller.site.count(SLUG)
    traveller.go(f"/petitions/{SLUG}/")
    traveller.fill(SignForm, given_name="Dolores", family_name="Lind", email=traveller.email, zip_code="02139")
    traveller.check(SignForm, "show_name")
    traveller.press()
    traveller.arrive(f"/petitions/{SLUG}/check-your-email/")
    traveller.follow("/confirm/")
    assert traveller.site.count(SLUG) == before
    traveller.press()
    traveller.arrive(f"/petitions/{SLUG}/signed/")
    assert traveller.site.count(SLUG) == before + 1
    traveller.follow("/signature/(?!code/)[^/]+/$")
    expect(traveller.page.locator("[name=given_name]")).to_have_value("Dolores")
    expect(traveller.page.locator("[name=show_name]")).to_be_checked()


@EVERY_WAY
def test_registering(traveller, number):
    local = str(8100 + number)
    traveller.go(f"/week-of-action/{YEAR}/register/")
    traveller.fill(
        RegistrationForm,
        local_number=local,
        contact_name="Ruth Okafor",
        email=traveller.email,
        phone="202-555-0134",
        members_count="140",
    )
    traveller.check(RegistrationForm, "needs_staff_help")
    traveller.fill(RegistrationForm, ship_name="Union hall", ship_address1="501 Congress Avenue", ship_city="Austin")
    traveller.choose(RegistrationForm, "ship_state", "Texas")
    traveller.fill(RegistrationForm, ship_zip="78701")
    traveller.press()
    expect(traveller.page.get_by_text("501 Congress Avenue").first).to_be_visible()  # all of it, to be looked over
    traveller.press()
    traveller.arrive(f"/week-of-action/{YEAR}/registered/")
    traveller.follow(r"/registration/[\w-]+/$")
    expect(traveller.page.get_by_text(re.compile(rf"\b{local}\b")).first).to_be_visible()
    expect(traveller.page.get_by_text("Austin, TX 78701").first).to_be_visible()
