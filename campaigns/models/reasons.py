"""Why as many: kept in English, as `campaigns.kits` reckoned it, and told in the reader's language."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BY_HAND = "; by hand: "  # what follows is staff's own words
# Longer ones first: the first that fits is taken.
PHRASES: dict[str, Promise] = {
    "whole packs of": _("whole packs of"),
    "would be more than the most": _("would be more than the most"),
    "missing from box": _("missing from box"),
    "for the local": _("for the local"),
    "for the place": _("for the place"),
    "for every": _("for every"),
    "packs of": _("packs of"),
    "pack of": _("pack of"),
    "at least": _("at least"),
    "at most": _("at most"),
    "members": _("members"),
    "member": _("member"),
    "and": _("and"),
}
FOUND = re.compile(rf"\b(?:{'|'.join(PHRASES)})\b")


def in_readers_language(reason: str) -> str:
    """The same, phrase by phrase; numbers and what staff wrote by hand stay as they are."""
    reckoned, by_hand, words = reason.partition(BY_HAND)
    return FOUND.sub(lambda found: str(PHRASES[found[0]]), reckoned) + (f"; {words}" if by_hand else "")
