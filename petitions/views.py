"""The petitions' pages: one form, one call, one redirect. GET changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib.forms import EmptyForm, PublicForm
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other
from csan.lib.text import to_html
from csan.lib.tilemap import TileMap, tile_map
from csan.lib.urls import absolute_reverse
from petitions import lineage, personal_data, sheets, signing, stories, tallies
from petitions.forms import SignerForm, SignForm
from petitions.models import Petition, PetitionVersion, Signature

KEPT = 5  # seconds that a change by staff may take to be seen by every web process


@require_safe
@cache_control(public=True, max_age=60)
def petitions(request: HttpRequest) -> HttpResponse:
    """The petitions; while there is only one, straight on to it."""
    found = Petition.objects.public().counted().order_by("-opens_at").with_words()
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "petitions/petitions.html", {"petitions": found})


@require_safe
@cache_control(public=True, max_age=5)
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """The text, the count and the form."""
    return show(request, public_petition(slug), SignForm(request=request))


def public_petition(slug: str) -> Petition:
    """The petition of an address with its current words, or a 404. Kept for a few seconds in this process."""
    key = f"petitions:petition:{slug}"
    found: Petition | None = cache.get(key)
    if found is None:
        found = get_object_or_404(Petition.objects.public(), slug=slug)
        _ = found.current_version, found.bills  # looked up here, so that they are kept with the petition
        cache.set(key, found, KEPT)
    return found


def text_of(version: PetitionVersion) -> SafeString:
    """A version's text as HTML in the reader's language; made once, because a published text never changes."""
    key = f"petitions:text:{version.pk}:{get_language()}"
    html: SafeString | None = cache.get(key)
    if html is None:
        html = to_html(version.local.text)
        cache.set(key, html, None)
    return html


def map_of(petition: Petition) -> TileMap:
    """Where the signers live. Groups under five are hidden, so that no number points to a person."""
    return tile_map(tallies.by_state(petition), unit=_("signatures"))


def around(petition: Petition) -> dict[str, Any]:
    """What stands around the form. Nothing of it is looked up before the template asks for it.

    So a template that keeps its part with `{% cache %}`, by petition and language, spares the work, too. What staff
    or signers change here may be seen that much later; the count and the form never are.
    """
    parts: dict[str, Callable[[], Any]] = {
        "points": lambda: list(petition.points.order_by("position")),
        "lineage": partial(lineage.lineage, petition),
        "timeline": lambda: list(lineage.timeline(petition)),
        "tile_map": partial(map_of, petition),
    }
    found = {name: SimpleLazyObject(look_up) for name, look_up in parts.items()}
    found["stories"] = SimpleLazyObject(lambda: stories.newest(petition, states=found["tile_map"].codes))
    return found


def show(request: HttpRequest, petition: Petition, form: PublicForm) -> HttpResponse:
    """The petition's page with its form as it stands."""
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        "text": text_of(petition.current_version),
        "measures": petition.bills,
        "count": tallies.count(petition),
        **around(petition),
    }
    return form_page(request, "petitions/petition.html", form, **context)


@public_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign. The answer is the same for every address."""
    petition = public_petition(slug)
    form = SignForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_trapped:
        return see_other("petitions:check-your-email", slug)
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
            signature = signing.confirm_signature(token=token)
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
        "count": tallies.count(petition),
        "goal": petition.goal,
    }
    return render(request, "petitions/signed.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print: rows to sign on paper. A petition that has closed has none, only its page."""
    petition = public_petition(slug)
    if petition.is_closed:
        return redirect(petition)
    address = absolute_reverse("petitions:petition", slug, language=get_language() or "en")
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        "measures": petition.bills,
        "points": list(petition.points.order_by("position")),
        "address": address,
        "qr": sheets.qr_code(address),
        "rows": range(sheets.ROWS),
    }
    return render(request, "petitions/sheet.html", context)


@require_safe
@cache_control(public=True, max_age=5, stale_while_revalidate=30)
def count(request: HttpRequest, slug: str) -> JsonResponse:
    """The exact count, for programs and for pages that show it live."""
    petition = public_petition(slug)
    moment = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return JsonResponse({"count": tallies.count(petition), "goal": petition.goal, "counted_at": moment})


def private_signature(key: str) -> Signature:
    """The signature that a private link opens, or a 404."""
    return get_object_or_404(Signature.objects.select_related("petition", "version"), key=key)


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
