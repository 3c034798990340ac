"""What a page's head says about it: where it lives in each language, its picture, its facts."""

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.urls import translate_url
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe

from csan.facts import facts_of
from csan.lib import theme
from csan.lib.languages import LOCALES
from csan.sharing import Picture, of_home, picture, picture_of

register = template.Library()

# So that nothing in the data can end its script element; the same letters that Django's json_script escapes.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
ARTICLES = ("post", "issue")
# Pages about what has a page of its own, which is where the facts stand.
BESIDE = ("campaigns:register", "campaigns:registered", "petitions:check-your-email", "petitions:signed")


class KeptNode(template.Node):
    """Renders what it holds once and keeps it, so that a block's words can stand in several places."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - it has just been rendered
        return SafeString("")


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """`{% kept as page_title %}…{% endkept %}`"""
    words = token.split_contents()
    if len(words) != 3 or words[1] != "as":
        raise template.TemplateSyntaxError("Write it as {% kept as name %}…{% endkept %}.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, words[2])


class Found:
    """What the head of one page needs. The dear parts are made when they are first asked for."""

    def __init__(self, page: dict[str, Any]) -> None:
        self.page = page
        self.request: HttpRequest = page["request"]
        self.view = self.request.resolver_match.view_name if self.request.resolver_match else ""
        self.language = str(getattr(self.request, "LANGUAGE_CODE", "en"))

    @cached_property
    def path(self) -> str:
        """The page's own address, with the arguments that choose what it shows (a view gives them as `query`).

        A refused form stands at the one it was posted to, its page where it is read.
        """
        if self.view == "petitions:sign" and "petition" in self.page:
            return str(self.page["petition"].get_absolute_url())
        return f"{self.request.path}{self.page.get('query', '')}"

    @cached_property
    def twins(self) -> dict[str, str]:
        """The page's address in each language."""
        return {code: translate_url(self.path, code) for code in LOCALES}

    @cached_property
    def picture(self) -> Picture:
        """What is shown where the page is shared."""
        return picture(of_home(), "share-home") if self.view == "home" else picture_of(self.page)

    @property
    def kind(self) -> str:
        """What Open Graph calls it."""
        return "article" if any(name in self.page for name in ARTICLES) else "website"

    @property
    def locale(self) -> str:
        return LOCALES[self.language]

    @property
    def other_locales(self) -> list[str]:
        return [locale for code, locale in LOCALES.items() if code != self.language]

    @property
    def facts(self) -> list[SafeString]:
        """What is true of it, each a data block."""
        if self.view in BESIDE:
            return []
        return [data_block(fact) for fact in facts_of(self.page, self.picture.url, is_home=self.view == "home")]


@register.simple_tag(takes_context=True)
def found(context: Context) -> Found:
    """What the head says of this page beside its title and description."""
    return Found({str(name): value for name, value in context.flatten().items()})


@register.simple_tag
def brand_colour(scheme: str) -> str:
    """The colour of the page's upper edge, for the browser's own bar; `light` or `dark`."""
    return theme.tokens(scheme)["brand"]


def data_block(fact: dict[str, Any]) -> SafeString:
    """A fact as JSON that is safe inside a script element."""
    return mark_safe(json.dumps(fact, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - it has just been escaped
