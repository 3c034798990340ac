"""Why a place gets as many of a thing, told in the language of who reads it."""

import pytest
from django.utils import translation

from campaigns.models.reasons import in_readers_language

TOLD = {
    "143 members + 5 % = 151 → 16 packs of 10": "143 miembros + 5 % = 151 → 16 paquetes de 10",
    "1 member → 1 pack of 10": "1 miembro → 1 paquete de 10",
    "40 members, 1 for every 12 = 4, at least 5": "40 miembros, 1 por cada 12 = 4, al menos 5",
    "2 for the place and 1 for the local": "2 para el lugar y 1 para la local",
    "2 missing from box 27-AAAA": "2 faltaba en la caja 27-AAAA",
    "9 members, at most 8; by hand: two members asked": "9 miembros, como máximo 8; two members asked",
}


@pytest.mark.parametrize("reason", TOLD)
def test_it_is_told_phrase_by_phrase_but_for_what_staff_wrote(reason):
    with translation.override("es"):
        assert in_readers_language(reason) == TOLD[reason]


def test_in_english_it_stays_as_it_was_reckoned():
    reckoned = [reason for reason in TOLD if "by hand" not in reason]
    assert [in_readers_language(reason) for reason in reckoned] == reckoned
