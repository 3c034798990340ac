"""The page that only a signer's letter tells: what we keep, put it right, take it back, take it along."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other
from petitions import personal_data, signing
from petitions.delivering import deliveries_of
from petitions.forms import SignerForm
from petitions.models import Signature


def private_signature(key: str) -> Signature:
    """The signature that a private link opens, or a 404."""
    return get_object_or_404(Signature.objects.select_related("petition", "version", "known_local"), key=key)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """A signer's private page: what we keep, put it right, show or hide the name, the way out."""
    found = private_signature(key)
    initial = {name: getattr(found, name) for name in SignerForm.base_fields if hasattr(found, name)}
    form = SignerForm(request.POST if request.method == "POST" else None, request=request, initial=initial)
    if form.is_trapped:
        return see_other("petitions:signature", key)
    if not form.is_valid():
        context = {
            "signature": found,
            "words": found.version.local,
            "leaving": leaving_form(request),
            "is_story": found.is_story,
            "deliveries": deliveries_of(found),
        }
        return form_page(request, "petitions/signature.html", form, **context)
    data = form.cleaned_data
    signing.correct_signature(
        signature=found,
        given_name=data["given_name"],
        family_name=data["family_name"],
        zip_code=data["zip_code"],
        local=data["local"],
        comment=data["comment"],
        show_name=data["show_name"],
    )
    return see_other("petitions:signature", key)


def leaving_form(request: HttpRequest, data: Any = None) -> EmptyForm:
    """The withdraw button's form; its ids differ from those of the form it shares a page with."""
    return EmptyForm(data, request=request, auto_id="leaving_%s")


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take the signature back."""
    found = private_signature(key)
    form = leaving_form(request, request.POST if request.method == "POST" else None)
    if form.is_trapped:
        return see_other("petitions:signature", key)
    if not form.is_valid():
        context = {"signature": found, "words": found.version.local}
        return form_page(request, "petitions/withdraw.html", form, **context)
    signing.withdraw_signature(signature=found)
    return see_other("petitions:signature", key)


@require_safe
@never_cache
def export(request: HttpRequest, key: str) -> JsonResponse:
    """Everything we keep of this signature, for the signer to take along."""
    found = private_signature(key)
    response = JsonResponse(personal_data.of_signature(found), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return response
