"""Says where the words of a page are not in its own language. Built in: every template may use it."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.filter
def lang(words: object) -> SafeString | str:
    """` lang="en"` for words of a `Said` that are not in the page's language, to stand in their element's tag."""
    language = getattr(words, "language", "")
    return format_html(' lang="{}"', language) if language and language != get_language() else ""
