"""What staff write in Markdown, in templates; and posts by their kind."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from django import template
from django.utils.safestring import SafeString

from csan.lib.languages import day_span
from csan.lib.text import to_html, to_plain


class HasKind(Protocol):
    kind: str


T = TypeVar("T", bound=HasKind)
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


@register.filter
def of_kind(posts: Iterable[T], kind: str) -> list[T]:
    """The posts of one kind, in the order they came."""
    return [post for post in posts if post.kind == kind]
