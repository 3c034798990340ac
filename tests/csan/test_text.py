"""Markdown: sanitised as HTML, readable as text."""

import pytest

from csan.lib.text import to_html, to_plain


def test_html_has_the_allowed_tags():
    html = to_html("# Big\n\nA **bold** [link](https://example.org).\n\n- one\n- two")
    assert "<h2>Big</h2>" in html
    assert "<strong>bold</strong>" in html
    assert 'href="https://example.org"' in html
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    "nasty",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](data:text/html,x)",
    ],
)
def test_nothing_runs(nasty):
    html = to_html(nasty).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_text_shows_the_address_behind_the_link_and_a_bare_one_once():
    assert to_plain("See [the site](https://example.org).") == "See the site (https://example.org)."
    assert to_plain("<https://example.org>") == "https://example.org"


def test_text_wraps_and_keeps_lists():
    plain = to_plain("Word " * 40 + "\n\n- one\n- two\n\n1. first\n2. second\n\n> quoted\n\n---\n\n    code")
    assert max(len(line) for line in plain.splitlines()) <= 72
    assert "- one\n- two" in plain
    assert "1. first\n2. second" in plain
    assert "* * *" in plain
    assert "    code" in plain


def test_a_hard_break_stays_a_break():
    assert to_plain("one\\\ntwo\nthree") == "one\ntwo three"
