"""The whip board, and the page of each member on it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from csan.lib import csv
from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from petitions import paper, tallies
from petitions.admin.delivery_forms import BoardForm, DeliveryForm, LabelForm, PositionForm
from petitions.admin.frame import may, page, require
from petitions.delivering import addresses, choosing, deliveries, packets, positions, runs, whip
from petitions.delivering.choosing import COLUMNS
from petitions.delivering.seats import seat_of
from petitions.models import Delivery, Legislator, Petition, Term

NOBODY = "Nobody has signed there yet, so there is nothing to deliver."


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The petitions; while there is only one, straight on to its board."""
    require(may(request, "view_delivery"))
    found = list(Petition.objects.counted().order_by("-opens_at"))
    if len(found) == 1:
        return redirect("admin:petitions_whip_board", found[0].pk)
    return page(request, "whip/choose", "Whip board", model=Delivery, petitions=found)


@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Every seat, filtered and sorted; as a file; and packets for those that are shown."""
    require(may(request, "view_delivery"))
    petition = get_object_or_404(Petition, pk=pk)
    form = BoardForm(request.GET)
    rows = form.choice.of(whip.board(petition))
    stickers = LabelForm(request.POST if request.POST.get("do") == "labels" else None, prefix="labels")
    if request.method == "POST" and (done := _act(request, petition, rows, stickers)):
        return done
    context: dict[str, Any] = {
        "petition": petition,
        "form": form,
        "rows": rows,
        "columns": _columns(request, form.choice),
        "confirmed": tallies.count(petition),
        "attested": paper.attested(petition),
        "may_pack": may(request, "download_packet"),
        "stickers": stickers,
    }
    title = f"Whip board: {petition.current_version.title}"
    status = 422 if stickers.errors else 200
    return page(request, "whip/board", title, model=Delivery, status=status, **context)


def _columns(request: HttpRequest, choice: choosing.Choice) -> list[dict[str, Any]]:
    """The headings, each with the address that sorts by it; once more, the other way."""
    kept = {name: value for name, value in request.GET.items() if name != "o" and value}
    found = []
    for name, (heading, _) in COLUMNS.items():
        is_here = choice.column == name
        goes_down = is_here and choice.order.startswith("-")
        order = name if goes_down or not is_here else f"-{name}"
        direction = ("descending" if goes_down else "ascending") if is_here else ""
        found.append({"heading": heading, "query": urlencode({**kept, "o": order}), "direction": direction})
    return found


def _act(
    request: HttpRequest, petition: Petition, rows: list[whip.Row], stickers: LabelForm
) -> HttpResponseBase | None:
    """What a button asks for; None where the form of labels is to be shown again."""
    by = staff_of(request)
    if stickers.is_bound:
        return _stick(request, petition, rows, stickers) if stickers.is_valid() else None
    if request.POST.get("do") == "csv":
        table = choosing.take_along(petition=petition, rows=rows, by=by)
        return csv.stream(table, filename=f"whip-board-{petition.slug}-{timezone.localdate()}.csv")
    require(may(request, "download_packet"))
    terms = [row.seat.term for row in rows if row.seat.term and row.signers]
    try:
        run = runs.begin(petition=petition, terms=terms, by=by)
    except runs.NobodyChosen:
        messages.warning(request, NOBODY)
        return see_other("admin:petitions_whip_board", petition.pk)
    return see_other("admin:petitions_packetrun_change", run.pk)


def _stick(request: HttpRequest, petition: Petition, rows: list[whip.Row], stickers: LabelForm) -> HttpResponse:
    try:
        pdf = addresses.take_along(petition=petition, rows=rows, by=staff_of(request), **stickers.cleaned_data)
    except addresses.NoAddress:
        messages.warning(request, "No such address of these members is known.")
        return see_other("admin:petitions_whip_board", petition.pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="labels-{petition.slug}-{timezone.localdate()}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: int, bioguide: str) -> HttpResponse:
    """One member: what is known, what they said, what was brought to them; make a packet, record a visit."""
    require(may(request, "view_delivery"))
    petition = get_object_or_404(Petition, pk=pk)
    legislator = get_object_or_404(Legislator, bioguide=bioguide)
    term = Term.objects.on(timezone.localdate()).filter(legislator=legislator).select_related("legislator").first()
    term = term or legislator.terms.select_related("legislator").latest("ends_on")
    do = request.POST.get("do", "")
    said = PositionForm(request.POST if do == "position" else None, prefix="position")
    brought = DeliveryForm(
        request.POST if do == "delivery" else None, prefix="delivery", petition=petition, legislator=legislator
    )
    act = ACTS.get(do)
    if act and (done := act(request, petition, term, {"position": said, "delivery": brought}.get(do))):
        return done
    title = f"{term.title} {legislator} ({term.seat})"
    context = _about(request, petition, term) | {"said": said, "brought": brought}
    return page(request, "whip/member", title, model=Delivery, status=422 if do else 200, **context)


def _about(request: HttpRequest, petition: Petition, term: Term) -> dict[str, Any]:
    legislator = term.legislator
    return {
        "petition": petition,
        "term": term,
        "row": whip.row_of(petition, seat_of(term)),
        "is_sitting": term.ends_on > timezone.localdate(),
        "seats": legislator.committee_seats.order_by("committee"),
        "offices": legislator.offices.order_by("state", "city"),
        "positions": petition.positions.filter(legislator=legislator).select_related("by").order_by("-on", "-pk"),
        "deliveries": petition.deliveries.filter(legislator=legislator).select_related("by").order_by("-on", "-pk"),
        "packets": petition.packets.filter(legislator=legislator).select_related("by").order_by("-pk")[:20],
        "may_say": may(request, "add_position"),
        "may_deliver": may(request, "add_delivery"),
        "may_pack": may(request, "download_packet"),
    }


def _say(request: HttpRequest, petition: Petition, term: Term, form: Any) -> HttpResponse | None:
    require(may(request, "add_position"))
    if not form.is_valid():
        return None
    positions.note_position(petition=petition, legislator=term.legislator, by=staff_of(request), **form.cleaned_data)
    messages.success(request, "Noted.")
    return see_other("admin:petitions_whip_member", petition.pk, term.legislator.bioguide)


def _deliver(request: HttpRequest, petition: Petition, term: Term, form: Any) -> HttpResponse | None:
    require(may(request, "add_delivery"))
    if not form.is_valid():
        return None
    row = whip.row_of(petition, seat_of(term))
    deliveries.record_delivery(
        petition=petition,
        legislator=term.legislator,
        seat=term.seat,
        count=row.signers or 0,
        by=staff_of(request),
        **form.cleaned_data,
    )
    messages.success(request, "Recorded.")
    return see_other("admin:petitions_whip_member", petition.pk, term.legislator.bioguide)


def _pack(request: HttpRequest, petition: Petition, term: Term, form: Any) -> HttpResponse | None:
    require(may(request, "download_packet"))
    by = staff_of(request)
    try:
        packet = packets.make_at_once(petition=petition, term=term, by=by)
    except packets.NobodySigned:
        messages.warning(request, NOBODY)
        return see_other("admin:petitions_whip_member", petition.pk, term.legislator.bioguide)
    except packets.TooMany:
        run = runs.begin(petition=petition, terms=[term], by=by)
        return see_other("admin:petitions_packetrun_change", run.pk)
    return see_other("admin:petitions_packet_change", packet.pk)


ACTS: dict[str, Callable[[HttpRequest, Petition, Term, Any], HttpResponse | None]] = {
    "position": _say,
    "delivery": _deliver,
    "packet": _pack,
}
