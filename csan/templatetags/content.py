"""What staff write in Markdown, in templates; and posts by their kind."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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


@register.simple_tag
def day_span(first: date, last: date) -> str:
    """Days from one to another as people say them: December 13–19, 2026."""
    if (first.year, first.month) == (last.year, last.month):
        values = {"month": date_format(first, "F"), "first": first.day, "last": last.day, "year": first.year}
        return _("%(month)s %(first)s–%(last)s, %(year)s") % values
    return f"{date_format(first)} – {date_format(last)}"


@register.filter
def of_kind(posts: Iterable[T], kind: str) -> list[T]:
    """The posts of one kind, in the order they came."""
    return [post for post in posts if post.kind == kind]
