"""What Django's system checks find wrong in this program's own settings; an error stops the start with a sentence."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from csan.lib import theme


def theme_can_be_read(**_: Any) -> list[CheckMessage]:
    """Every colour is one, and every pair that carries words or edges has the contrast that WCAG 2.2 AA asks for."""
    return [Error(sentence, id="csan.E001") for sentence in theme.problems()]


def theme_is_whole(**_: Any) -> list[CheckMessage]:
    """A colour that the dark scheme has of its own is changed there too, or half the visitors see nothing of it."""
    if theme.problems():
        return []
    return [
        Warning(
            f"THEME_COLOURS changes {name}, and the dark scheme keeps its own; give THEME_COLOURS_DARK one too.",
            id="csan.W001",
        )
        for name in theme.only_light()
    ]


def boxes_leave_from_somewhere(**_: Any) -> list[CheckMessage]:
    """Days under way are reckoned from a ZIP code. Whether there is such a one is not looked up at each start."""
    if re.fullmatch("[0-9]{5}", settings.SHIP_FROM_ZIP):
        return []
    return [Error("SHIP_FROM_ZIP is no ZIP code. Write its five digits, such as 20001.", id="csan.E002")]
