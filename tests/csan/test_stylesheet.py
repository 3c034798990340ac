"""The one stylesheet: every part of it in its order, small, with the theme's colours and addresses that lead on."""

import gzip
import re

from django.contrib.staticfiles import finders

from csan import stylesheet
from csan.lib import theme
from csan.management.commands.prepare_local import static_files_digest


def test_the_parts_come_in_order_and_none_is_forgotten():
    names = stylesheet.part_names()

    assert names[0] == "css/base.css"
    assert names[1:] == sorted(names[1:])
    assert {"css/components/buttons.css", "css/components/forms.css"} <= set(names)


def test_the_tokens_come_first_and_the_whole_is_small():
    css = stylesheet.site_css()

    assert css.startswith(":root{")
    assert "\n" not in css
    assert len(gzip.compress(css.encode())) <= 20_000


def test_a_themes_colours_stand_in_the_tokens_own_blocks_so_that_print_still_wins(settings):
    settings.THEME_COLOURS, settings.THEME_COLOURS_DARK = "sun=#ffcc00", "sun=#ffdd11"

    css = stylesheet.site_css()
    light, dark, rest = re.split(r"@media \(prefers-color-scheme:dark\)\{|@media print", css, maxsplit=2)

    assert ("--sun:#ffcc00" in light, "--sun:#ffdd11" in dark, "--sun" in rest.partition("}}")[0]) == (
        True,
        True,
        False,
    )


def test_addresses_in_a_part_are_seen_from_where_the_whole_lies(tmp_path, settings):
    (tmp_path / "css" / "components").mkdir(parents=True)
    part = tmp_path / "css" / "components" / "own.css"
    part.write_text('.a{background:url(../../img/a.svg)} .b{background:url("data:image/png;base64,xx")}')
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    finders.get_finder.cache_clear()
    try:
        css = stylesheet.read_part("css/components/own.css")
    finally:
        finders.get_finder.cache_clear()

    assert css == '.a{background:url("../img/a.svg")} .b{background:url("data:image/png;base64,xx")}'


def test_a_local_run_collects_again_when_a_colour_changes(settings):
    before = static_files_digest()
    settings.THEME_COLOURS = "sun=#ffcc00"

    assert static_files_digest() != before


def test_the_themes_own_folder_comes_before_ours(tmp_path, settings):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "tokens.css").write_text(theme.source() + "/* theirs */")
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    finders.get_finder.cache_clear()
    theme.source.cache_clear()
    try:
        assert theme.source().endswith("/* theirs */")
    finally:
        finders.get_finder.cache_clear()
        theme.source.cache_clear()
