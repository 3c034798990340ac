"""The directory's locals, for browsers to suggest while somebody types theirs; no script is needed."""

from django import template

from members import directory
from members.models import Local

register = template.Library()


@register.simple_tag
def suggested_locals() -> list[Local]:
    """All of them, or none where they are too many for a page."""
    return directory.suggestions()
