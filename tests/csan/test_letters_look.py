"""What each letter is made of, in both languages: nothing to fetch, nothing unfilled, words that can be read."""

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from csan.lib import theme
from csan.lib.mail import Letter
from csan.lib.mail.html import BrokenMarkup, from_mjml
from csan.lib.mail.palette import PAIRS, colours
from tests.letters import FULL_ISSUE, SHORT_ISSUE, TRACKING, contexts, every_letter

MAIL = Path(settings.ROOT) / "templates" / "mail"
TEMPLATES = {str(path.relative_to(MAIL)).removesuffix(".mjml") for path in MAIL.rglob("*/*.mjml")}
ISSUES = [FULL_ISSUE, SHORT_ISSUE]
NAMES = sorted((TEMPLATES - {FULL_ISSUE}) | set(ISSUES))
MOST = 80_000  # bytes; Gmail cuts a letter off at 102 kB
LONGEST_LINE = 998  # bytes, RFC 5322, 2.1.1
COLOUR = re.compile(r"(?<!&)#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")
ADDRESS = re.compile(r"https?://[^\s)>]+[^\s)>.,]")
# What a mail program or a browser would fetch by itself, and what it must not be given.
FETCHES = re.compile(
    r"<(?:img|link|script|iframe|form|input|object|embed|video|audio)\b|\bsrc=|url\(|@import|@font-face"
)
HIDDEN = re.compile(r"[\u034f\u200c\xa0\s]+")


@cache
def letters(language: str) -> dict[str, Letter]:
    return every_letter(language)


@pytest.fixture(params=["en", "es"])
def language(request) -> str:
    return request.param


@pytest.fixture(params=NAMES)
def name(request) -> str:
    return request.param


@pytest.fixture
def letter(name, language) -> Letter:
    return letters(language)[name]


class Parts(HTMLParser):
    """A letter's HTML taken apart: its tags, its headings, its preheader, what it says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.preheader = ""
        self.within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self.within = "preheader" if found.get("class") == "preheader" else tag

    def handle_endtag(self, tag: str) -> None:
        self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within == "preheader":
            self.preheader += data
        elif self.within not in ("style", "title"):
            self.words.append(data)

    @property
    def addresses(self) -> list[str]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]

    @property
    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch(r"h[1-6]", tag)]


def test_every_template_is_looked_at():
    assert set(letters("en")) == set(letters("es")) == set(NAMES)
    assert {name.partition("/")[0] for name in NAMES} == {"members", "petitions", "campaigns"}
    assert set(contexts("en")) == TEMPLATES - {FULL_ISSUE}


def test_a_letter_says_its_language_and_its_title(letter, language):
    tag, attributes = Parts(letter.html).tags[0]

    assert (tag, attributes["lang"], attributes["dir"]) == ("html", language, "ltr")
    assert unescape(re.search(r"<title>(.*?)</title>", letter.html, re.DOTALL)[1].replace("\n", " ")) == letter.subject


def test_the_text_part_has_the_same_links(letter):
    in_text = {address.rstrip("/") for address in ADDRESS.findall(letter.text)}

    assert {address.rstrip("/") for address in Parts(letter.html).addresses} == in_text != set()


def test_nothing_is_fetched_since_that_would_tell_when_a_letter_is_read(letter):
    assert FETCHES.findall(letter.html) == []


def test_links_lead_to_the_site_and_to_what_staff_linked(letter, name):
    foreign = {address for address in Parts(letter.html).addresses if not address.startswith(settings.BASE_URL + "/")}

    if name in ISSUES:
        assert foreign == {"https://www.example.org/share?from=letter&issue=12"}  # what the intro says
    else:
        assert foreign == ({TRACKING} if name in {"campaigns/box_shipped", "campaigns/did_it_arrive"} else set())


def test_tables_are_there_for_the_layout_and_say_so(letter):
    tables = re.findall(r"<table\b[^>]*>", letter.html)  # those that only Outlook sees, too

    assert len(tables) > 5
    assert [table for table in tables if 'role="presentation"' not in table] == []


def test_headings_come_in_order_and_the_first_is_the_only_one_of_its_level(letter):
    levels = Parts(letter.html).headings

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(above, below) for above, below in pairwise(levels) if below > above + 1] == []


def test_what_a_list_of_letters_shows_is_ours_and_not_the_first_words(letter):
    preheader = HIDDEN.sub(" ", Parts(letter.html).preheader).strip()

    assert 20 <= len(preheader) <= 150
    assert preheader != letter.subject
    assert letter.html.index('class="preheader"') < letter.html.index("<h1>")


def test_only_colours_of_the_theme_are_used(letter):
    known = {colour for scheme in colours().values() for colour in scheme.values()}

    assert {found.lower() for found in COLOUR.findall(letter.html)} - known == set()
    assert re.findall(r"\b(?:rgba?|hsla?|oklch)\(", letter.html) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), PAIRS)
def test_words_can_be_read_on_what_they_stand_on(scheme, words, ground):
    palette = colours()[scheme]

    assert theme.contrast(palette[words], palette[ground]) >= 4.5


def test_the_sites_own_theme_is_the_letters_too(settings):
    settings.THEME_COLOURS = "brand=#123"
    settings.THEME_COLOURS_DARK = "sun=#fedcba"
    html = every_letter("en")["members/welcome"].html

    assert "background-color:#112233" in html
    assert "#fedcba" in html


def test_a_dark_screen_gets_dark_colours_and_so_does_outlook(letter):
    html, dark = letter.html.replace("\n", " "), colours()["dark"]
    media = re.search(r"@media \(prefers-color-scheme: dark\) \{(.*?)</style>", html)[1]

    assert f"body, .paper {{ background-color: {dark['paper']} !important; }}" in media
    for at in ("", "[data-ogsc] "):
        assert f"{at}.quiet, {at}.foot div {{ color: {dark['ink_soft']} !important; }}" in html
    for at in ("", "[data-ogsb] "):
        assert f"{at}.tag .action {{ background: {dark['blush']} !important; }}" in html


def test_a_letter_is_smaller_than_what_mail_programs_cut_off(letter):
    assert len(letter.html.encode()) < MOST
    assert max(len(line) for line in letter.as_bytes().split(b"\r\n")) < LONGEST_LINE


def test_nothing_is_left_unfilled(letter):
    for words in (letter.subject, letter.text, letter.html):
        assert [mark for mark in ("{{", "{%", "{#", "CSANhole", "<mj-", "None", "%(") if mark in words] == []
    assert "  " not in letter.subject


def test_a_letter_says_why_it_came_and_from_where(letter):
    for part in (letter.text, unescape(letter.html).replace("\n", " ")):
        assert settings.POSTAL_ADDRESS in part
        assert settings.SITE_NAME in part


@pytest.mark.parametrize("issue", ISSUES)
@pytest.mark.parametrize(("language", "words"), [("en", "Unsubscribe"), ("es", "Darme de baja")])
def test_the_way_out_of_the_newsletter_can_be_seen(issue, language, words):
    letter = letters(language)[issue]
    leave = letter.headers["List-Unsubscribe"].strip("<>")

    assert f'<a href="{leave}">{words}</a>' in letter.html.replace("\n", " ")
    assert leave in letter.text
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    "template", ["members/confirm_subscription", "petitions/confirm_signature", "petitions/remind_signature"]
)
def test_a_confirm_letter_has_one_button_and_its_address_in_words(template, language):
    letter = letters(language)[template]
    context = contexts(language)[template]
    link = context["confirm_url"]
    by_code = [context["code_url"]] if "code_url" in context else []
    parts = Parts(letter.html)

    assert parts.addresses == [link, link, *by_code]
    assert link in parts.words
    assert letter.html.count('class="button"') == 1


def test_an_issue_has_a_block_a_post_and_the_day_of_the_next(language):
    full, short = (letters(language)[name] for name in ISSUES)
    day = {"en": "May 15, 2027", "es": "15 de mayo de 2027"}[language]

    assert full.html.count('class="post"') == 12
    assert full.html.count('class="leaf"') == 3
    assert full.html.count('class="employer"') == 4
    assert day in full.text
    assert day in full.html.replace("\n", " ")
    assert day not in short.text + short.html


MJML = "<mjml><mj-head></mj-head><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"


@pytest.mark.parametrize(
    "broken", ["<mj-text><p>never closed</mj-text>", "<mj-txt>a mistyped name</mj-txt>", "</mj-column>"]
)
def test_broken_markup_is_an_error_and_not_a_letter(broken):
    with pytest.raises(BrokenMarkup):
        from_mjml(MJML.format(broken))


def test_words_that_look_like_markup_are_words():
    html = from_mjml(MJML.format("<mj-text>&lt;mj-text&gt; &amp; {{ name }}</mj-text>"))

    assert "&lt;mj-text&gt; &amp; {{ name }}" in html


def test_what_is_pasted_from_elsewhere_breaks_no_letter():
    html = from_mjml(MJML.format("<mj-text><p>one\x0btwo\x00 &#11; three\ufffe</p><hr><br></mj-text>"))

    assert "<p>onetwo &#11; three</p>" in html
