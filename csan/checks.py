"""What Django's system checks find wrong in this program's own settings; an error stops the start with a sentence."""

from typing import Any

from django.core.checks import CheckMessage, Error

from csan.lib import theme


def theme_can_be_read(**_: Any) -> list[CheckMessage]:
    """Every colour is one, and every pair that carries words or edges has the contrast that WCAG 2.2 AA asks for."""
    return [Error(sentence, id="csan.E001") for sentence in theme.problems()]
