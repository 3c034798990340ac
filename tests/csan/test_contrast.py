"""Whether words can be read: computed from the colours that a letter itself is painted with."""

import pytest

from csan.lib import contrast
from csan.lib.mail.palette import colours
from tests.letters import every_letter


def hard(html: str) -> list[tuple[str, str, str, str]]:
    return [(each.words, each.scheme, each.ink, each.ground) for each in contrast.hard_words(html)]


def test_the_colours_that_the_site_comes_with_are_easy_to_read():
    assert contrast.hard_pairs() == []


@pytest.mark.parametrize(
    ("scheme", "setting", "name", "colour"),
    [
        ("light", "THEME_COLOURS", "ink", "#bbbbbb"),
        ("dark", "THEME_COLOURS_DARK", "paper", "#cccccc"),
    ],
)
def test_a_theme_that_is_hard_to_read_is_found(settings, scheme, setting, name, colour):
    setattr(settings, setting, f"{name}={colour}")
    found = contrast.hard_pairs()
    assert {each.scheme for each in found} == {scheme}
    assert {colour} < {part for each in found for part in (each.ink, each.ground)}
    assert all(each.ratio < 4.5 for each in found)


@pytest.mark.parametrize("language", ["en", "es"])
def test_nothing_in_our_letters_is_hard_to_read(language):
    found = {name: contrast.hard_words(letter.html) for name, letter in every_letter(language).items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_colours_are_followed_from_the_outside_in():
    assert hard('<div style="background:#fff"><p>one <span style="color:#999">two</span></p> three</div>') == [
        ("two", "light", "#999999", "#ffffff")
    ]
    assert hard('<table bgcolor="#777777"><tr><td><font color="#888888">grey</font></td></tr></table>')[0] == (
        "grey",
        "light",
        "#888888",
        "#777777",
    )


def test_what_closes_or_never_opens_an_element_confuses_nobody():
    html = '<p style="color:#fff;background-color:#000">a<br><img src="x" alt=""></p></div><p>b</p>'
    assert hard(html) == []


def test_words_that_nobody_sees_need_no_contrast():
    hidden = '<div style="display:none;color:#fefefe">preheader</div><style>.x { color: #fff }</style>'
    assert hard(f'<body style="background:#fff">{hidden}<title>t</title></body>') == []


def test_a_colour_that_is_not_the_palettes_stays_as_it_is_in_the_dark():
    light, dark = colours()["light"], colours()["dark"]
    html = f'<div style="background:{light["sheet"]}"><b style="color:#7a1020">deep red</b></div>'
    assert hard(html) == [("deep red", "dark", "#7a1020", dark["sheet"])]


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ("#ABC", "#aabbcc"),
        ("#a1b2c3 url(x.png)", "#a1b2c3"),
        ("rgb(1, 20, 300)", "#0114ff"),
        ("white", "#ffffff"),
        ("transparent", ""),
        ("inherit", ""),
    ],
)
def test_colours_are_read_as_they_are_written(said, colour):
    assert contrast.read_colour(said) == colour
