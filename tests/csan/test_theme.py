"""The theme: our own colours can be read, a theme of somebody else's that cannot is refused with a sentence."""

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.utils import translation

from csan import checks
from csan.lib import theme
from csan.stylesheet import site_css


def test_our_own_colours_can_be_read_in_light_and_in_dark():
    assert theme.problems() == []


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000", "#ffffff") == 21
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert theme.contrast("#4c1450", "#4c1450") == 1


def test_a_colour_from_the_settings_replaces_ours_in_both_schemes_unless_ours_has_a_dark_one(settings):
    settings.THEME_COLOURS = "sun=#ffcc00, --brand=#123456"

    assert (theme.tokens()["sun"], theme.tokens("dark")["sun"]) == ("#ffcc00", "#ffcc00")
    assert theme.tokens()["brand"] == "#123456"
    assert theme.tokens("dark")["brand"] not in ("#123456", theme.tokens()["brand"])


def test_a_dark_colour_from_the_settings_changes_the_dark_scheme_alone(settings):
    before = theme.tokens()
    settings.THEME_COLOURS_DARK = "brand=#102030"

    assert theme.tokens() == before
    assert theme.tokens("dark")["brand"] == "#102030"


@pytest.mark.parametrize(
    ("colours", "words"),
    [
        ("sun=yellow", "'sun=yellow' is not a colour of the theme; write it as brand=#123456."),
        ("sun", "'sun' is not a colour of the theme; write it as brand=#123456."),
        ("sun=#12345", "'sun=#12345' is not a colour of the theme; write it as brand=#123456."),
        ("moon=#123456", "THEME_COLOURS names 'moon', which is no colour of the theme; there are art-line, "),
    ],
)
def test_what_is_no_colour_of_the_theme_is_named(settings, colours, words):
    settings.THEME_COLOURS = colours

    (problem,) = theme.problems()

    assert problem.startswith(words)


def test_words_that_are_hard_to_read_stop_the_start_and_the_stylesheet(settings):
    settings.THEME_COLOURS = "ink-soft=#aaaaaa"
    sentence = (
        "Words in ink-soft (#aaaaaa) on paper (#fff7ec) have a contrast of 2.19:1 in the light theme and need 4.5:1; "
        "change one of them in THEME_COLOURS."
    )

    assert next(error.msg for error in run_checks() if error.id == "csan.E001") == sentence
    with pytest.raises(ImproperlyConfigured, match="Words in ink-soft"):
        site_css()


def test_edges_that_cannot_be_seen_stop_the_start(settings):
    settings.THEME_COLOURS_DARK = "edge=#46314a"

    assert [problem.partition(" have ")[0] for problem in theme.problems()] == [
        "Edges in edge (#46314a) on sheet (#271829)",
        "Edges in edge (#46314a) on paper (#1a0f1b)",
    ]


def test_the_words_of_the_program_come_from_the_settings_in_the_readers_language(settings, rf):
    settings.SITE_SLOGAN, settings.SITE_SLOGAN_ES = "Louder together", "Juntos más fuerte"
    settings.SITE_PROMISE, settings.SITE_PROMISE_ES = "We win.", ""
    request = rf.get("/")

    words = {}
    for language in ("en", "es"):
        with translation.override(language):
            page = render_to_string("components/head.html", request=request)
            words[language] = [word in page for word in ("Louder together", "Juntos más fuerte")]

    assert words == {"en": [True, False], "es": [False, True]}


def test_a_colour_changed_in_the_light_alone_is_told_where_the_dark_has_its_own(settings):
    settings.THEME_COLOURS = "brand=#003a5d,sun=#ffcc00"  # the dark scheme takes over the sun, and not the brand
    assert [warning.msg for warning in checks.theme_is_whole()] == [
        "THEME_COLOURS changes brand, and the dark scheme keeps its own; give THEME_COLOURS_DARK one too."
    ]
    settings.THEME_COLOURS_DARK = "brand=#00263d"
    assert checks.theme_is_whole() == []
