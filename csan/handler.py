"""Django's handler, which remembers where the petitions' addresses lead.

Django tries the site's addresses in turn, and where languages have prefixes it asks for the language several times on
the way. In a surge everybody posts to one address.
"""

from functools import lru_cache

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch, get_resolver
from django.utils.translation import get_language

KNOWN = ("/petitions/", "/es/petitions/")  # no address below has somebody's key in it


class Handler(WSGIHandler):
    """A WSGI application: the site."""

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        if hasattr(request, "urlconf") or not request.path_info.startswith(KNOWN):
            return super().resolve_request(request)
        request.resolver_match = match = match_of(request.path_info, get_language())
        return match


@lru_cache(maxsize=500)
def match_of(path: str, language: str | None) -> ResolverMatch:
    """What answers at a path. Raises Resolver404, which is not remembered."""
    return get_resolver().resolve(path)
