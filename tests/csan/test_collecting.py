"""Static files as browsers get them: the one stylesheet, small scripts, each under a name that changes with it."""

import re

import pytest
from django.core.management import call_command

from csan import stylesheet


@pytest.fixture
def collected(tmp_path, settings):
    """Static files collected as in production."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "csan.collecting.StaticFilesStorage"}}
    call_command("collectstatic", verbosity=0, interactive=False)
    return tmp_path / "static" / "css"


def test_collecting_writes_it_hashed_and_compressed(collected):
    names = {re.sub(r"\.[0-9a-f]{12}\.", ".HASH.", path.name) for path in collected.glob("site.*")}

    assert names == {"site.css", "site.css.gz", "site.HASH.css", "site.HASH.css.gz"}
    assert (collected / "site.css").read_text() == stylesheet.site_css()


def test_collecting_again_takes_the_new_colours(collected, settings):
    settings.THEME_COLOURS = "sun=#ffcc00"
    call_command("collectstatic", verbosity=0, interactive=False)

    assert "--sun:#ffcc00" in (collected / "site.css").read_text()
    assert len(list(collected.glob("site.????????????.css"))) == 2


def test_scripts_lose_their_comments_and_nothing_else(collected, settings):
    written = (settings.ROOT / "static" / "js" / "csan.js").read_text()
    served = (collected.parent / "js" / "csan.js").read_text()

    assert "// Progressive enhancement" in written
    assert "//" not in re.sub(r"https?://", "", served)
    assert len(served) < 0.8 * len(written)
    assert re.findall(r"[A-Za-z_]\w*", served) == re.findall(r"[A-Za-z_]\w*", re.sub(r"(?m)(^|\s)//.*$", "", written))
