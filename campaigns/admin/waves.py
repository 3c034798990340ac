"""Waves: opened, their materials looked at and set aside, and what is to be ordered from the printer."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from unfold.decorators import action, display

from campaigns import kits
from campaigns.admin import wave_boxes
from campaigns.admin.kit_forms import ByHandForm, OpenWaveForm, SetAsideForm, WhatIfForm
from campaigns.desk import scopes
from campaigns.models import Allocation, Item, ShipTo, Wave, WeekOfAction
from csan.lib import csv
from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, staff_of

Status = Wave.Status
STATUS_COLOURS = {
    Status.OPEN: "info",
    Status.ALLOCATED: "warning",
    Status.FROZEN: "warning",
    Status.DONE: "success",
    Status.CANCELLED: "danger",
}
A_PAGE = 100  # places


@admin.register(Wave)
class WaveAdmin(ReadOnlyAdmin):
    """Boxes that are packed together."""

    list_display = ("name", "status_label", "place_count", "policy", "created_at", "frozen_at")
    list_filter = ("week", "status")
    list_select_related = ("week",)
    ordering = ("-week__year", "-number")
    list_before_template = "admin/campaigns/wave/hidden_places.html"
    actions_detail = ("kits", "boxes")
    actions_row = ("kits", "boxes")
    fields = ("week", "number", "status", "policy", "reason", "created_at", "frozen_at", "frozen_by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Wave]:
        """All of them, since they are the whole union's; their places are counted in the districts of who looks."""
        seen = _scope(request).only("places__registration__local__district")
        return Wave.objects.annotate(place_count=Count("places", filter=seen) if seen else Count("places"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        hidden = _split(request, ShipTo.objects.filter(waves__isnull=False))[1]
        return super().changelist_view(request, {**(extra_context or {}), "hidden_places": hidden})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("campaigns.add_wave"))

    def has_look_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may look at the materials of a wave."""
        return bool(request.user.has_perm("campaigns.view_wave") or request.user.has_perm("campaigns.change_wave"))

    @display(description="Wave", ordering="number")
    def name(self, wave: Wave) -> str:
        return str(wave)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, wave: Wave) -> tuple[str, str]:
        return wave.status, wave.get_status_display()

    @display(description="Places", ordering="place_count")
    def place_count(self, wave: Wave) -> int:
        return wave.place_count  # type: ignore[attr-defined]  # annotated

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("order/<int:week>/", view(self.order_view), name="campaigns_wave_order"),
            path("<int:pk>/pick-list.pdf", view(wave_boxes.pick_list_file), name="campaigns_wave_picks"),
        ]
        return [*own, *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Open a wave of the places that wait for one."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = OpenWaveForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                wave = kits.open_wave(by=staff_of(request), **form.cleaned_data)
            except kits.NobodyWaits:
                form.add_error(None, "No approved place waits for a wave there.")
            else:
                return see_other("admin:campaigns_wave_kits", wave.pk)
        weeks = WeekOfAction.objects.order_by("-year")[:3]
        waiting = [(week, kits.waiting_places(week).count()) for week in weeks]
        return self._page(request, "open", "Open a wave", form=form, waiting=waiting)

    @action(description="Materials", permissions=["look"], url_path="kits", icon="inventory")
    def kits(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What each place would get, or gets; asked again with other rules or stock by what stands in the address."""
        wave = get_object_or_404(Wave.objects.select_related("week"), pk=object_id)
        form = None
        if request.method == "POST":
            if not request.user.has_perm("campaigns.change_wave"):
                raise PermissionDenied
            form = self._act(request, wave)
            if form is None:
                return see_other("admin:campaigns_wave_kits", wave.pk)
            wave.refresh_from_db()
        if wave.status == Status.OPEN:
            return self._preview(request, wave, form)
        return self._set_aside(request, wave, form)

    @action(description="Boxes", permissions=["look"], url_path="boxes", icon="package_2")
    def boxes(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Freezing the wave; then its boxes: what to pick, what to print, how far they are."""
        return wave_boxes.boxes_page(request, object_id, context=self._frame(request))

    def _preview(self, request: HttpRequest, wave: Wave, form: forms.Form | None) -> HttpResponse:
        asked = WhatIfForm(request.GET, wave=wave)
        if not asked.is_valid():
            return self._page(request, "preview", f"{wave}: materials", wave=wave, asked=asked)
        plan = kits.plan(wave, policy=asked.policy_of_plan, rules=asked.rules, stock=asked.stock)
        by_place = plan.by_place
        seen, hidden = _split(request, wave.places.select_related("registration__local").order_by("pk"))
        places = Paginator(seen, A_PAGE)
        shown = places.get_page(request.GET.get("page"))
        others = request.GET.copy()
        others.pop("page", None)
        columns = [total.item.pk for total in plan.totals]
        return self._page(
            request,
            "preview",
            f"{wave}: materials",
            wave=wave,
            asked=asked,
            plan=plan,
            shown=shown,
            hidden_count=hidden,
            query=others.urlencode(),
            rows=[(place, [by_place.get(place.pk, {}).get(pk) for pk in columns]) for place in shown],
            form=form or SetAsideForm(initial={"policy": asked.policy_of_plan}),
        )

    def _set_aside(self, request: HttpRequest, wave: Wave, form: forms.Form | None) -> HttpResponse:
        every = wave.allocations.select_related("place__registration__local", "item").order_by("place", "item__sku")
        seen = _scope(request).only("place__registration__local__district")
        lines = every.filter(seen)
        by_hand, number = None, request.GET.get("line", "")
        if number.isdecimal() and wave.status == Status.ALLOCATED:
            by_hand = get_object_or_404(lines, pk=number)
            form = form or ByHandForm(initial={"given": by_hand.given})
        return self._page(
            request,
            "set_aside",
            f"{wave}: materials",
            wave=wave,
            totals=totals_of(wave),
            shown=Paginator(lines, A_PAGE).get_page(request.GET.get("page")),
            hidden_count=every.exclude(seen).values("place").distinct().order_by().count() if seen else 0,
            by_hand=by_hand,
            form=form,
        )

    def _act(self, request: HttpRequest, wave: Wave) -> forms.Form | None:
        """Do what the button says. The form comes back where something is wrong with it."""
        by = staff_of(request)
        form: forms.Form = ByHandForm(request.POST) if "given" in request.POST else SetAsideForm(request.POST)
        try:
            match request.POST.get("do"):
                case "allocate":
                    if not form.is_valid():
                        return form
                    asked = WhatIfForm(request.GET, wave=wave)
                    if not asked.is_valid() or asked.is_tentative:
                        form.add_error(None, "This was tried out only; save the rules or the stock first.")
                        return form
                    kits.allocate(wave=wave, by=by, **form.cleaned_data)
                case "by-hand":
                    seen = Allocation.objects.filter(_scope(request).only("place__registration__local__district"))
                    line = get_object_or_404(seen, wave=wave, pk=request.GET.get("line", "0"))
                    if not form.is_valid():
                        return form
                    kits.give_by_hand(allocation=line, by=by, **form.cleaned_data)
                case "take-out":
                    number, places = request.POST.get("place", ""), _split(request, wave.places.all())[0]
                    place = get_object_or_404(places, pk=number if number.isdecimal() else 0)
                    kits.take_out(wave=wave, place=place, by=by)
                case "release":
                    kits.release(wave=wave, by=by)
                case "cancel":
                    kits.cancel_wave(wave=wave, by=by)
        except kits.OtherState as error:
            messages.warning(request, f"Nothing changed: {error.wave} is {error.wave.get_status_display()}.")
        except kits.ReasonNeeded:
            form.add_error("reason", "Say why, since not everybody gets all.")
            return form
        except kits.TooMany:
            form.add_error("given", "That is more than the rules ask for.")
            return form
        except kits.OutOfStock as error:
            form.add_error("given", f"There are only {error.on_hand} more.")
            return form
        return None

    def order_view(self, request: HttpRequest, week: int) -> HttpResponseBase:
        """What to order from the printer, to print or as CSV."""
        if not self.has_look_permission(request):
            raise PermissionDenied
        row = get_object_or_404(WeekOfAction, pk=week)
        lines = kits.order_list(row)
        if request.GET.get("as") == "csv":
            head = ("SKU", "Item", "Needed", "On hand", "Missing", "Pack of", "Packs to order", "Pieces to order")
            body = [
                (line.item.sku, line.item.name, line.needed, line.on_hand, line.missing, line.item.pack_size,
                 line.packs, line.pieces)
                for line in lines
            ]  # fmt: skip
            return csv.stream([head, *body], filename=f"order-{row.year}.csv")
        return self._page(request, "order", f"To order for {row.year}", week=row, lines=lines)

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        wrong = any(form is not None and form.errors for form in (context.get("form"), context.get("asked")))
        whole = {**self._frame(request), "title": title, **context}
        return render(request, f"admin/campaigns/wave/{name}.html", whole, status=422 if wrong else 200)

    def _frame(self, request: HttpRequest) -> dict[str, Any]:
        own = {"opts": self.opts, "may_change": request.user.has_perm("campaigns.change_wave")}
        return {**self.admin_site.each_context(request), **own}


def _scope(request: HttpRequest) -> scopes.Scope:
    return scopes.of(staff_of(request))


def _split(request: HttpRequest, places: QuerySet[ShipTo]) -> tuple[QuerySet[ShipTo], int]:
    """The places in the districts of who asks, and how many others there are."""
    seen = _scope(request).only("registration__local__district")
    return (places.filter(seen), places.exclude(seen).count()) if seen else (places, 0)


def totals_of(wave: Wave) -> list[kits.Total]:
    """What was set aside, by item; beside it what is left on hand."""
    wanted: dict[Item, list[int]] = {}
    for line in wave.allocations.select_related("item").order_by("item__sku").iterator():
        sums = wanted.setdefault(line.item, [0, 0])
        sums[0] += line.wanted
        sums[1] += line.given
    return [kits.Total(item, asked, given, item.on_hand) for item, (asked, given) in wanted.items()]
