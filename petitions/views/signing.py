"""Signing and confirming: one form, one call, one redirect. GET changes nothing."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.caching import never_kept
from csan.lib.origin import public_post
from csan.lib.pages import SeeOther, form_page, see_other
from members.forms import NEWSLETTER_WORDING
from petitions import friends, seats, signing, surge
from petitions.forms import CodeForm, SignForm
from petitions.fraud import evidence
from petitions.models import Signature
from petitions.views.public import public_petition, show, show_paused


@public_post
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign. The answer is the same for every address."""
    petition = public_petition(slug)
    form = SignForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_trapped:
        return see_other("petitions:check-your-email", slug)
    if request.method == "POST" and surge.switches().is_paused:
        return show_paused(request, petition)
    if not form.is_valid():
        return show(request, petition, form)
    data = form.cleaned_data
    try:
        signing.sign(
            petition=petition,
            email=data["email"],
            given_name=data["given_name"],
            family_name=data["family_name"],
            zip_code=data["zip_code"],
            local=data["local"],
            comment=data["comment"],
            show_name=data["show_name"],
            wants_newsletter=data["newsletter"],
            newsletter_wording=str(NEWSLETTER_WORDING),
            language=(get_language() or "en")[:2],
            source=request.path,
            source_code=form.source_code,
            suspicion=form.suspicion,
            seen=evidence.seen(request, began=data["began"], event_code=form.event_code),
        )
    except signing.PetitionClosed:
        form.add_error(None, _("This petition has closed and can no longer be signed."))
        return show(request, petition, form)
    return see_other("petitions:check-your-email", slug)


@require_safe
@cache_control(public=True, max_age=60)
def check_your_email(request: HttpRequest, slug: str) -> HttpResponse:
    """What to do next, the same for everybody."""
    return render(request, "petitions/check_your_email.html", {"petition": public_petition(slug)})


@public_post
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: GET shows the button, because mail scanners follow links; POST confirms."""
    try:
        if request.method == "POST":
            return to_signed(signing.confirm_signature(token=token, seen=evidence.seen(request)))
        signature = signing.signature_of(token)
    except signing.LinkExpired:
        return render(request, "petitions/link_expired.html", status=404)
    except signing.PetitionClosed:
        return render(request, "petitions/link_expired.html", {"has_closed": True}, status=404)
    return render(request, "petitions/confirm.html", {"signature": signature, "words": signature.version.local})


@public_post
@never_kept
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """The same by the code of the letter. Every wrong pair of address and code gets the same answer."""
    form = CodeForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_trapped:
        return see_other("petitions:confirm-code")
    if not form.is_valid():
        return form_page(request, "petitions/confirm_code.html", form)
    try:
        pair = {name: form.cleaned_data[name] for name in ("email", "code")}
        return to_signed(signing.confirm_by_code(**pair, seen=evidence.seen(request)))
    except signing.LinkExpired:
        form.add_error("code", _("This code does not go with this address, or it is too old. Please check both."))
    except signing.PetitionClosed:
        form.add_error(None, _("The petition closed more than a day ago, so no more signatures can be confirmed."))
    return form_page(request, "petitions/confirm_code.html", form)


def to_signed(signature: Signature) -> SeeOther:
    """On to the page that says what to do next. Its address names a seat and a code, and nobody."""
    told = {"seat": seats.seat_of(signature), "from": friends.code_of(signature)}
    query = urlencode({name: value for name, value in told.items() if value}, safe=",")
    return SeeOther(f"{resolve_url('petitions:signed', signature.petition.slug)}?{query}")
