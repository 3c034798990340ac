"""What people print: the petition's sheet, a local's registration, an issue; all of it words, none of it buttons."""

import io

import pytest
from pypdf import PdfReader

from tests.e2e.acts import SLUG
from tests.e2e.browsing import DESKTOP

pytestmark = pytest.mark.browser
LETTER = (612, 792)  # points: 8.5 by 11 inches


@pytest.mark.parametrize(
    ("prefix", "heading", "column"),
    [
        ("", "Save Call Center Jobs", "Newsletter"),
        ("/es", "Salvemos los empleos de los centros de llamadas", "Boletín"),
    ],
    ids=["English", "Spanish"],
)
def test_the_petitions_sheet_is_one_page(site, visit, prefix, heading, column):
    page = visit(size=DESKTOP)
    page.goto(f"{prefix}/petitions/{SLUG}/sheet/")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert [(round(each.mediabox.width), round(each.mediabox.height)) for each in printed.pages] == [LETTER]
    words = " ".join(printed.pages[0].extract_text().split())
    assert heading in words
    assert f"{prefix}/petitions/{SLUG}/" in words.replace(" ", "")
    assert column in words
    assert [str(number) in words.split() for number in range(1, 12)] == [True] * 11
    hint = page.locator(".sheet-hint")
    assert (hint.is_visible(), page.locator(".site-footer").is_visible()) == (True, True)
    page.emulate_media(media="print")
    assert (hint.is_visible(), page.locator(".site-footer").is_visible()) == (False, False)


def printed_words(page):
    """All that stands on paper, and how many sheets it takes."""
    printed = PdfReader(io.BytesIO(page.pdf(format="Letter")))
    return " ".join(" ".join(each.extract_text() for each in printed.pages).split()), len(printed.pages)


def test_the_petition_itself_can_be_printed(site, visit):
    page = visit(size=DESKTOP)
    page.goto(f"/petitions/{SLUG}/")
    words, _ = printed_words(page)
    assert "To the Congress of the United States" in words
    assert "First name" not in words


def test_a_registration_prints_as_a_summary_on_one_sheet(visit, full):
    page = visit(size=DESKTOP)
    page.goto(full.registration)
    words, sheets = printed_words(page)
    assert sheets == 1
    assert "CWA Local 4319" in words
    assert "501 3rd Street NW" in words
    assert ("Change this" in words, "Print this page" in words, "This page is private" in words) == (False,) * 3


def test_an_issue_prints_without_what_only_a_screen_needs(visit, full):
    page = visit(size=DESKTOP)
    page.goto("/newsletter/90/")
    words, sheets = printed_words(page)
    assert sheets <= 2
    assert "What we did in fall" in words
    assert ("Get it by e-mail" in words, "Privacy" in words) == (False, False)
