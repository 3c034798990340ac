"""After the signature counts: whom to call and what to say, how it went, and how to pass the petition on."""

from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe

from csan.lib import qr
from csan.lib.forms import PublicForm
from csan.lib.origin import public_post
from csan.lib.pages import SeeOther, form_page
from csan.lib.urls import absolute_reverse
from petitions import calling, contacting, friends, seats
from petitions.forms import CallForm
from petitions.models import CallTally, Petition
from petitions.views.public import public_petition, standing

KEPT = 60  # seconds that a page may be behind what staff have imported of Congress


@require_safe
@cache_control(public=True, max_age=60)
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    """It counts; what else there is to do. The address names a seat and the signer's own code, and nobody."""
    petition = public_petition(slug)
    return render(
        request, "petitions/signed.html", {**around(petition, request.GET), "form": CallForm(request=request)}
    )


def around(petition: Petition, told: Any) -> dict[str, Any]:
    """What the page shows for a seat, and a code, that an address or a form tells; what has no shape is left out."""
    seat = ",".join(seats.read(told.get("seat", "")))
    code = told.get("from", "")
    code = code.lower() if friends.is_code(code) else ""
    language = get_language() or "en"
    address = friends.link(code, language=language) if code else absolute_reverse(
        "petitions:petition", petition.slug, language=language
    )  # fmt: skip
    return {
        "petition": petition,
        "words": petition.current_version.local,
        **standing(petition),
        "delegation": delegation(petition, seat) if seat else None,
        "seat": seat,
        "code": code,
        "more": f"&from={code}" if code else "",
        "called": told.get("called", ""),
        "outcomes": CallTally.Outcome.choices,
        "address": address,
        "qr": qr.drawing(address),
    }


def delegation(petition: Petition, seat: str) -> contacting.Delegation:
    """The same for everybody of a seat, so it is kept for a minute in this process."""
    key = f"petitions:delegation:{petition.pk}:{seat}:{timezone.localdate()}"
    found: contacting.Delegation | None = cache.get(key)
    if found is None:
        found = contacting.delegation(petition, seats.read(seat))
        cache.set(key, found, KEPT)
    return found


@public_post
@never_cache
@require_POST
def called(request: HttpRequest, slug: str) -> HttpResponse:
    """How did it go? Kept is a number by office and day; the answer leads back to where the caller was."""
    petition = public_petition(slug)
    form = CallForm(request.POST, request=request)
    if form.is_trapped:
        return back(petition, request, form)
    if not form.is_valid():
        return form_page(request, "petitions/signed.html", form, **around(petition, request.POST))
    data = form.cleaned_data
    try:
        calling.note_call(petition=petition, bioguide=data["legislator"], outcome=data["outcome"])
    except calling.NotInCongress as error:
        raise Http404 from error
    return back(petition, request, form, called=data["legislator"])


def back(petition: Petition, request: HttpRequest, form: PublicForm, *, called: str = "") -> SeeOther:
    """To the page with the same seat and code, at the office that was called."""
    page = around(petition, request.POST)
    told = {"seat": page["seat"], "from": page["code"], "called": called}
    query = urlencode({name: value for name, value in told.items() if value}, safe=",")
    address = resolve_url("petitions:signed", petition.slug)
    return SeeOther(f"{address}?{query}#{called}" if called else f"{address}?{query}".rstrip("?"))
