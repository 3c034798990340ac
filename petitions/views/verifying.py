"""The page that a packet's QR code opens: what the packet holds, and how many of its signatures stand today."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from petitions.delivering.verifying import verified
from petitions.models import Packet


@require_safe
@cache_control(public=True, max_age=60)
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """A packet's page. It names the member and nobody else."""
    try:
        packet = verified(code)
    except Packet.DoesNotExist as error:
        raise Http404 from error
    return render(request, "petitions/verify.html", {"packet": packet})
