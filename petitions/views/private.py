"""The pages that only a signer's letter tells: what we keep, put it right, take it along, take it back, erase it."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.forms import EmptyForm
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other
from petitions import choosing, contacting, erasing, friends, personal_data, seats, signing, succeeding
from petitions.delivering import deliveries_of
from petitions.forms import ChoiceForm, CorrectionForm
from petitions.models import Signature

View = Callable[[HttpRequest, str], HttpResponse]
DETAILS = ("given_name", "family_name", "zip_code", "local", "comment", "show_name", "shown_as")


def private_signature(key: str) -> Signature:
    """The signature that a private link opens, or a 404."""
    return get_object_or_404(
        Signature.objects.select_related("petition", "version", "known_local", "evidence"), key=key
    )


def of_signer(view: View) -> View:
    """What is gone, also while we were at it, is not found."""

    @wraps(view)
    def guarded(request: HttpRequest, key: str) -> HttpResponse:
        try:
            return view(request, key)
        except Signature.DoesNotExist as error:
            raise Http404 from error

    return guarded


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_signer
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """A signer's private page: what we keep, put it right, show or hide the name, the way out."""
    if ":" in key:  # what a mail program has left of a confirm link
        return render(request, "petitions/link_expired.html", status=404)
    found = private_signature(key)
    initial = {name: getattr(found, name) for name in CorrectionForm.base_fields if hasattr(found, name)}
    form = CorrectionForm(posted(request), request=request, initial=initial)
    if form.is_trapped:
        return see_other("petitions:signature", key)
    if not form.is_valid():
        return form_page(request, "petitions/signature.html", form, **shown(request, found))
    signing.correct_signature(signature=found, **{name: form.cleaned_data[name] for name in DETAILS})
    return see_other("petitions:signature", key)


def shown(request: HttpRequest, found: Signature) -> dict[str, Any]:
    """What the private page says beside its form."""
    context: dict[str, Any] = {
        "signature": found,
        "words": found.version.local,
        "leaving": leaving_form(request),
        "is_story": found.is_story,
        "deliveries": deliveries_of(found),
    }
    if found.status != Signature.Status.CONFIRMED:
        return context
    code = friends.code_of(found)
    candidates = contacting.names_of(choosing.candidates(found))
    return {
        **context,
        "choice": choice_form(request, found, candidates) if candidates else None,
        "delegation": contacting.delegation(found.petition, seats.read(seats.district_of(found) or found.state)),
        "seat": seats.seat_of(found),
        "asked_for": succeeding.open_measures(found),
        "code": code,
        "address": friends.link(code, language=get_language() or "en"),
        "brought": friends.brought(found),
    }


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: also a POST without any field is one."""
    return request.POST if request.method == "POST" else None


def choice_form(
    request: HttpRequest, found: Signature, candidates: tuple[contacting.Candidate, ...], data: Any = None
) -> ChoiceForm:
    """The candidates, the chosen one marked; its ids differ from those of the form it shares a page with."""
    chosen = choosing.UNSURE if found.district_how == Signature.DistrictHow.UNSURE else found.district
    return ChoiceForm(data, request=request, candidates=candidates, auto_id="choice_%s", initial={"district": chosen})


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_signer
def representative(request: HttpRequest, key: str) -> HttpResponse:
    """Choose among those whose district the ZIP code may lie in."""
    found = private_signature(key)
    candidates = contacting.names_of(choosing.candidates(found))
    form = choice_form(request, found, candidates, posted(request))
    if form.is_trapped or not candidates:
        return see_other("petitions:signature", key)
    if not form.is_valid():
        return form_page(request, "petitions/representative.html", form, signature=found)
    with suppress(choosing.NotACandidate):  # another ZIP code came in between; its page asks anew
        choosing.choose_district(signature=found, district=form.cleaned_data["district"])
    return see_other("petitions:signature", key)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_signer
def reaffirm(request: HttpRequest, key: str) -> HttpResponse:
    """Say that the signature stands for the bill that came after; a button for each such bill."""
    found = private_signature(key)
    form = EmptyForm(posted(request), request=request)
    asked_for = succeeding.open_measures(found)
    if form.is_trapped or not asked_for:
        return see_other("petitions:signature", key)
    if not form.is_valid():
        context = {"signature": found, "words": found.version.local, "asked_for": asked_for}
        return form_page(request, "petitions/reaffirm.html", form, **context)
    for measure in asked_for:
        if str(measure.pk) == request.POST.get("measure"):
            succeeding.reaffirm(signature=found, measure=measure)
    return see_other("petitions:signature", key)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """GET says what will happen; the button erases. A second press ends on the same page as the first."""
    form = EmptyForm(posted(request), request=request)
    if form.is_trapped:
        return see_other("petitions:erased")
    if not form.is_valid():
        found = private_signature(key)
        context = {"signature": found, "words": found.version.local}
        return form_page(request, "petitions/erase.html", form, **context)
    found_again = Signature.objects.filter(key=key).first()
    if found_again is not None:
        erasing.erase_signature(signature=found_again)
    return see_other("petitions:erased")


@require_safe
@cache_control(public=True, max_age=60)
def erased(request: HttpRequest) -> HttpResponse:
    """The person is gone; what stays."""
    return render(request, "petitions/erased.html")


def leaving_form(request: HttpRequest, data: Any = None) -> EmptyForm:
    """The withdraw button's form; its ids differ from those of the form it shares a page with."""
    return EmptyForm(data, request=request, auto_id="leaving_%s")


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@of_signer
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take the signature back."""
    found = private_signature(key)
    form = leaving_form(request, posted(request))
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
