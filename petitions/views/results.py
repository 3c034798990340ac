"""A petition's results: the page, the file for spreadsheets, and the form or the counter that other sites show."""

import re

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from csan.lib import csv
from csan.lib.caching import cacheable, open_to_all
from csan.lib.groups import FEWEST
from petitions import results as work
from petitions import surge
from petitions.forms import SignForm
from petitions.views.public import COUNTED, KEPT, public_petition, standing

SOURCE_CODE = re.compile(r"[a-z0-9-]{1,20}")


@require_safe
@cacheable(max_age=60, stale_while_revalidate=300, stale_if_error=3600, kept=KEPT)
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """When and where people signed, by state and district, and the locals that want to be seen."""
    petition = public_petition(slug)
    tile_map = work.map_of(petition)
    states = work.states_of(petition, tile_map)
    by_name = request.GET.get("sort") == "name"
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        **standing(petition),
        "chart": work.chart_of(petition),
        "tile_map": tile_map,
        "states": sorted(states, key=lambda state: state.name) if by_name else states,
        "by_name": by_name,
        "locals": work.locals_of(petition),
        "fewest": FEWEST,
    }
    return render(request, "petitions/results.html", context)


@require_safe
@cacheable(max_age=60, stale_while_revalidate=300, stale_if_error=3600, kept=KEPT)
def results_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirmed signatures by state and district, small groups hidden."""
    petition = public_petition(slug)
    rows = [work.CSV_HEADER, *work.csv_rows(petition)]
    response = HttpResponse("".join(csv.lines(rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{petition.slug}-results.csv"'
    return open_to_all(response)


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know no view with arguments
@require_safe
@cacheable(max_age=5, stale_while_revalidate=30, stale_if_error=600, kept=COUNTED)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The one page that other sites may frame: the form, with `?show=counter` the number, with `?show=map` the map.

    It is ours wherever it stands: its form is sent from our origin to our own address, which opens in the whole
    window, so the check of where a POST comes from needs no exception. `?from=` is kept as the form's source.
    """
    petition = public_petition(slug)
    code, show = request.GET.get("from", ""), request.GET.get("show", "")
    is_map = show == "map" and surge.switches().shows_maps  # while maps are off its frame has the number alone
    context = {
        "petition": petition,
        "words": petition.current_version.local,
        **standing(petition),
        "form": SignForm(request=request),
        "only_counter": show in ("counter", "map") or petition.is_closed,
        "is_map": is_map,
        "tile_map": work.map_of(petition) if is_map else None,
        "source_code": code if SOURCE_CODE.fullmatch(code) else "",
    }
    return open_to_all(render(request, "petitions/embed.html", context))
