"""What the tests of the whole share."""

import os
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.reloader import translation_file_changed

PO = Path(__file__).resolve().parent.parent.parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogue() -> None:
    """`make` compiles before it tests; where pytest is called alone, it is done here."""
    if MO.exists() and MO.stat().st_mtime >= PO.stat().st_mtime:
        return
    fresh = MO.with_name(f"django.{os.getpid()}.mo")
    with PO.open("rb") as source, fresh.open("wb") as file:
        write_mo(file, read_po(source, locale="es"))
    fresh.replace(MO)
    translation_file_changed(sender=None, file_path=MO)  # so that Django reads it anew
