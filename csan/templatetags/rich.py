"""Rich text of the editor, in templates."""

from django import template
from django.utils.safestring import SafeString

from csan.lib import rich as rich_text

register = template.Library()


@register.filter
def rich(html: str) -> SafeString:
    """The HTML, sanitised once more."""
    return rich_text.clean(html)


@register.filter
def rich_as_text(html: str, indent: str = "") -> str:
    """The words as text that reads well; for letters, and for excerpts. Lines after the first begin with `indent`."""
    return rich_text.to_plain(html).replace("\n", f"\n{indent}")
