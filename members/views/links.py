"""The way of a newsletter's link through us: counted, and on to where it leads."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from csan.lib import robots
from members import newsletter


@never_cache
@require_safe
def followed(request: HttpRequest, code: str) -> HttpResponse:
    """Only to addresses that stood in an issue. Nothing is kept of who came."""
    visitor = robots.follower(request, code)
    url = newsletter.follow(code, by_a_program=visitor.is_a_program)
    newsletter.take_back(visitor.taken_back)
    if url is None:
        raise Http404
    response = HttpResponseRedirect(url)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
