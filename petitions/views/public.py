"""The petitions' public pages: the list, a petition with its form, its sheet to print, its count."""

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
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from csan.lib.caching import cacheable, open_to_all
from csan.lib.forms import PublicForm
from csan.lib.pages import form_page
from csan.lib.text import to_html
from csan.lib.urls import absolute_reverse
from petitions import lineage, paper, results, sheets, stories, surge, tallies
from petitions.forms import SignForm
from petitions.models import Petition, PetitionVersion

KEPT = 5  # seconds that a change by staff may take to be seen by every web process
COUNTED = 1  # second that a count may be old when it leaves the web process
USUAL = 5  # seconds that others may keep it


def count_seconds() -> int:
    """How long browsers and proxies may keep a count; longer in a surge."""
    return surge.switches().count_seconds


def counted() -> int:
    """How long this process may keep it: as long as everybody where staff have switched to longer."""
    seconds = count_seconds()
    return COUNTED if seconds <= USUAL else seconds


@require_safe
@cache_control(public=True, max_age=60)
def petitions(request: HttpRequest) -> HttpResponse:
    """The petitions; while there is only one, straight on to it."""
    found = Petition.objects.public().counted().order_by("-opens_at").with_words()
    if len(found) == 1:
        return redirect(found[0])
    return render(request, "petitions/petitions.html", {"petitions": found})


@require_safe
@cacheable(max_age=count_seconds, stale_while_revalidate=30, stale_if_error=600, kept=counted)
def petition(request: HttpRequest, slug: str) -> HttpResponse:
    """The text, the count and the form."""
    form = SignForm(request=request, initial={"event": request.GET.get("event", "")[:200]})
    return show(request, public_petition(slug), form)


def show_paused(request: HttpRequest, petition: Petition) -> HttpResponse:
    """Signing is paused, and somebody has typed all this: 503, and nothing of it is lost."""
    typed = {name: request.POST.get(name, "") for name in SignForm.base_fields if name != "began"}
    response = show(request, petition, SignForm(request=request, initial=typed), is_kept=True)
    response.status_code = 503
    response["Retry-After"] = str(surge.RETRY_AFTER)
    return response


def public_petition(slug: str) -> Petition:
    """The petition of an address with its current words, or a 404. Kept for a few seconds in this process."""
    key = f"petitions:petition:{slug}"
    found: Petition | None = cache.get(key)
    if found is None:
        found = get_object_or_404(Petition.objects.public(), slug=slug)
        _ = found.current_version, found.bills  # looked up here, so that they are kept with the petition
        found.on_paper = paper.attested(found)
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


def around(petition: Petition) -> dict[str, Any]:
    """What stands around the form. Nothing of it is looked up before the template asks for it.

    So a template that keeps its part with `{% cache %}`, by petition and language, spares the work, too. What staff
    or signers change here may be seen that much later; the count and the form never are.
    """
    parts: dict[str, Callable[[], Any]] = {
        "points": lambda: list(petition.points.order_by("position")),
        "lineage": partial(lineage.lineage, petition),
        "timeline": lambda: list(lineage.timeline(petition)),
        "chart": partial(results.chart_of, petition),
        "tile_map": lambda: results.map_of(petition) if surge.switches().shows_maps else results.no_map(),
    }
    found = {name: SimpleLazyObject(look_up) for name, look_up in parts.items()}
    found["stories"] = SimpleLazyObject(lambda: stories.newest(petition, states=found["tile_map"].codes))
    return found


def standing(petition: Petition) -> dict[str, Any]:
    """What `components/count.html` shows: the count, the goal ahead of it, and the moment it holds for."""
    counted_at = timezone.now()
    count = tallies.count(petition)
    return {"count": count, "goal": petition.goal_ahead_of(count), "counted_at": counted_at}


def show(request: HttpRequest, petition: Petition, form: PublicForm, *, is_kept: bool = False) -> HttpResponse:
    """The petition's page with its form as it stands; while signing is paused only where it `is_kept` for somebody."""
    context = {
        "surge": surge.switches(),
        "is_kept": is_kept,
        "petition": petition,
        "words": petition.current_version.local,
        "text": text_of(petition.current_version),
        "measures": petition.bills,
        **standing(petition),
        **around(petition),
    }
    return form_page(request, "petitions/petition.html", form, **context)


@require_safe
@cache_control(public=True, max_age=60)
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print: rows to sign on paper. A petition that has closed has none, only its page."""
    petition = public_petition(slug)
    if petition.is_closed:
        return redirect(petition)
    address = absolute_reverse("petitions:petition", slug, language=get_language() or "en")
    code = sheets.code_of(request.GET.get("from", ""))
    number = request.GET.get("number", "")
    if code:
        address = f"{address}?from={code.code}"
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        "measures": petition.bills,
        "points": list(petition.points.order_by("position")),
        "address": address,
        "qr": sheets.qr_code(address),
        "rows": range(sheets.ROWS),
        "local": code.local if code else None,
        "number": number if number.isascii() and number.isdecimal() and len(number) <= sheets.LONGEST_NUMBER else "",
    }
    return render(request, "petitions/sheet.html", context)


@require_safe
@cacheable(max_age=count_seconds, stale_while_revalidate=30, stale_if_error=600, kept=counted)
def count(request: HttpRequest, slug: str) -> JsonResponse:
    """The exact count, for programs, for pages that show it live, and for scripts of any site."""
    found = standing(public_petition(slug))
    return open_to_all(JsonResponse({**found, "counted_at": found["counted_at"].strftime("%Y-%m-%dT%H:%M:%SZ")}))
