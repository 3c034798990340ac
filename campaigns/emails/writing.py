"""The one door through which letters to a local go: to its contact or a colleague, in the local's language."""

from typing import Any

from django.utils import translation

from campaigns.models import Colleague, Registration, WeekOfAction
from csan.lib.urls import absolute_reverse
from members import outbox


def write(
    registration: Registration,
    name: str,
    *,
    key: str,
    colleague: Colleague | None = None,
    week: WeekOfAction | None = None,
    **context: Any,
) -> bool:
    """Write the letter of this name once for its key; False where it was written before.

    Every letter knows its reader, the local, the week's year and theme, and the reader's private link; `context` is
    what it says besides. Where another `week` is meant than the registration's own, that link is left out.
    """
    language, reader = registration.language, colleague or registration
    if week is None:
        context["registration_url"] = absolute_reverse("campaigns:registration", reader.key, language=language)
    week = week or registration.week
    with translation.override(language):
        theme = week.local_theme
    return outbox.enqueue(
        key=key,
        template=f"campaigns/{name}",
        to=reader.email,
        language=language,
        context={
            "name": colleague.name if colleague else registration.contact_name,
            "local": str(registration.local),
            "year": week.year,
            "theme": theme,
            **context,
        },
    )
