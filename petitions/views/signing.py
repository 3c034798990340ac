"""Signing and confirming: one form, one call, one redirect. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.origin import public_post
from csan.lib.pages import see_other
from petitions import signing, surge
from petitions.forms import SignForm
from petitions.fraud import evidence
from petitions.views.public import public_petition, show, show_paused, standing


@public_post
@never_cache
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
            newsletter_wording=str(form.fields["newsletter"].label),
            language=(get_language() or "en")[:2],
            source=request.path,
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
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the letter: GET shows the button, because mail scanners follow links; POST confirms."""
    try:
        if request.method == "POST":
            signature = signing.confirm_signature(token=token, seen=evidence.seen(request))
            return see_other("petitions:signed", signature.petition.slug)
        signature = signing.signature_of(token)
    except signing.LinkExpired:
        return render(request, "petitions/link_expired.html", status=404)
    except signing.PetitionClosed:
        return render(request, "petitions/link_expired.html", {"has_closed": True}, status=404)
    return render(request, "petitions/confirm.html", {"signature": signature, "words": signature.version.local})


@require_safe
@cache_control(public=True, max_age=60)
def signed(request: HttpRequest, slug: str) -> HttpResponse:
    """It counts; what else there is to do."""
    petition = public_petition(slug)
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        **standing(petition),
    }
    return render(request, "petitions/signed.html", context)
