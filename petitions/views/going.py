"""Short links: on posters, on box items, in what a signer passes on; they tell from where a visitor comes."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from csan.lib.languages import path_in_language
from members.models import SourceCode
from petitions import friends
from petitions.forms import source_code


@require_safe
@cache_control(public=True, max_age=300)
def go(request: HttpRequest, code: str) -> HttpResponse:
    """To the page of a code, whose address then says the code; without a cookie, and never to another site.

    A code that we do not know leads to the first page: it may stand on a poster that outlived us taking it back.
    """
    code = code.lower()
    return HttpResponseRedirect(_page_of(code) or resolve_url("home"))


def _page_of(code: str) -> str:
    if friends.is_code(code):
        petition = friends.petition_behind(code)
        return _with_code(petition.get_absolute_url(), code) if petition else ""
    known = SourceCode.objects.filter(code=source_code(code)).first() if source_code(code) else None
    return _with_code(path_in_language(known.path), known.code) if known else ""


def _with_code(path: str, code: str) -> str:
    """The page's address with the code. Host and scheme, should somebody have got one in, are left behind."""
    parts = urlsplit(path)
    query = "&".join(filter(None, (parts.query, urlencode({"from": code}))))
    return urlunsplit(("", "", f"/{parts.path.lstrip('/')}", query, parts.fragment))
