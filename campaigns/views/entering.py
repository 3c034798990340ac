"""Registering a local: the form, which local is meant, all of it looked over once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.entering import address_coach, registering, sizes
from campaigns.entering.address_coach import Judgement
from campaigns.entering.forms import RegistrationForm
from campaigns.entering.place_fields import name_of
from campaigns.entering.registering import Details
from campaigns.models import WeekOfAction
from campaigns.views.posts import posted
from csan.lib.origin import public_post
from csan.lib.pages import form_page, see_other

FORM = "campaigns/register.html"


@public_post
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, year: int) -> HttpResponse:
    """Register a local. The answer is the same for every local and every address."""
    found = get_object_or_404(WeekOfAction.objects.public(), year=year)
    if request.method != "POST" and not found.is_open:
        return render(request, "campaigns/register_closed.html", {"week": found})
    form = RegistrationForm(posted(request), request=request, week=found)
    if form.is_trapped:
        return see_other("campaigns:registered", year)
    if form.adds_place or form.edits:
        shown, typed = form.as_typed(one_more=form.adds_place), "last" if form.adds_place else "first"
        return form_page(request, FORM, shown, week=found, typed=typed)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, FORM, form, week=found)
    if form.asks_which:
        return render(request, "campaigns/which_local.html", {"week": found, "form": form})
    if form.step == form.REVIEW:
        return _review(request, found, form)
    try:
        registering.register(
            week=found,
            affiliate=form.cleaned_data["local_affiliate"],
            number=form.cleaned_data["local_number"],
            email=form.cleaned_data["email"],
            details=form.details(),
            language=form.language,
            suspicion=form.suspicion,
            newsletter=form.newsletter_yes,
        )
    except registering.RegistrationClosed:
        day = date_format(found.register_by)
        form.add_error(None, _("Registration closed on %(day)s.") % {"day": day})
        return form_page(request, FORM, form, week=found)
    return see_other("campaigns:registered", year)


@dataclass(frozen=True)
class PlaceSeen:
    """A place as it is looked over: its label, and what we would ask. `choice` is the name of its radio buttons."""

    title: str
    lines: list[str]
    more: list[tuple[str, str]]
    address: Judgement
    standard: list[str]
    choice: str


def _review(request: HttpRequest, week: WeekOfAction, form: RegistrationForm) -> HttpResponse:
    """All that was answered, and what we would ask about it, before it is final."""
    details = form.details()
    local = form.cleaned_data["local_affiliate"], form.cleaned_data["local_number"]
    page = {
        "week": week,
        "form": form,
        "is_unknown": form.which.local is None,
        "is_far": sizes.is_far(*local, year=week.year, members=details.members_count),
        "places": _places(details),
        "mail": _lines(
            "", *(getattr(details, f"mail_{part}") for part in ("address1", "address2", "city", "state", "zip"))
        ),
    }
    return render(request, "campaigns/review.html", page)


def _places(details: Details) -> list[PlaceSeen]:
    main = _seen(_("Where the box goes"), details.place(), "ship_uses_standard")
    return [
        main,
        *(
            _seen(branch.label or _("Another place"), branch.place(), name_of(branch.position, "uses_standard"))
            for branch in details.branches
        ),
    ]


def _seen(title: str, typed: Mapping[str, Any], choice: str) -> PlaceSeen:
    address = address_coach.judge(typed)
    standard = {**typed, **address.standard}
    more = [
        (_("Members there"), str(typed.get("members_count") or "")),
        (_("When somebody can take a parcel"), typed["receiving_hours"]),
        (_("Somebody's home"), _("yes, and kept private") if typed["is_home"] else ""),
    ]
    return PlaceSeen(
        title=title,
        lines=_address(typed),
        more=[(label, words) for label, words in more if words],
        address=address,
        standard=_address({**standard, "name": ""}) if address.standard else [],
        choice=choice,
    )


def _address(place: Mapping[str, Any]) -> list[str]:
    return _lines(*(place[part] for part in ("name", "address1", "address2", "city", "state", "zip_code")))


def _lines(name: str, address1: str, address2: str, city: str, state: str, zip_code: str) -> list[str]:
    """An address as it stands on a label; nothing where there is none."""
    return [line for line in (name, address1, address2, f"{city}, {state} {zip_code}") if line] if address1 else []
