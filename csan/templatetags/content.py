"""What staff write in Markdown, in templates."""

from django import template
from django.utils.safestring import SafeString

from csan.lib.languages import day_span
from csan.lib.text import to_html, to_plain

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as sanitised HTML."""
    return to_html(text)


@register.filter
def plain(text: str) -> str:
    """Markdown as text that reads well; for letters, and for excerpts."""
    return to_plain(text)


register.simple_tag(day_span)
