"""Boxes: packed, shipped with carrier and tracking number, delivered, lost, returned."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from campaigns.admin import carriers, in_time, packing
from campaigns.boxes import shipping
from campaigns.carriers import numbers
from campaigns.desk import scopes
from campaigns.models import Box
from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, staff_of

STATUS_COLOURS = {
    Box.Status.PLANNED: "info",
    Box.Status.PACKED: "warning",
    Box.Status.CHECKED: "warning",
    Box.Status.SHIPPED: "success",
    Box.Status.DELIVERED: "success",
    Box.Status.LOST: "danger",
    Box.Status.RETURNED: "danger",
    Box.Status.CANCELLED: "info",
}


class ShipForm(forms.Form):
    """How the box left."""

    carrier = forms.ChoiceField(choices=Box.Carrier.choices, widget=UnfoldAdminSelectWidget)
    tracking_number = forms.CharField(
        max_length=60,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autofocus": True}),
        help_text="As on the label; blanks do not matter.",
    )

    def clean_tracking_number(self) -> str:
        number = numbers.plain(self.cleaned_data["tracking_number"])
        if not numbers.LOOKS.fullmatch(number):
            raise ValidationError("A tracking number has 4 to 40 letters and digits.")
        return number


@admin.register(Box)
class BoxAdmin(ReadOnlyAdmin):
    """Every box. It is made from a registration, and moves on only by the actions."""

    list_display = ("code", "local", "status_label", "carrier", "tracking_link", "shipped_at", "delivered_at")
    list_filter = ("registration__week", "status", "carrier", "registration__local__district")
    list_select_related = ("registration__local", "registration__week")
    search_fields = ("code", "tracking_number", "registration__local__number", "place__city")
    ordering = ("-pk",)
    list_before_template = "admin/campaigns/registration/hidden.html"
    actions = ("carrier_file", "mark_packed", "mark_delivered", "mark_lost", "mark_returned")
    actions_detail = ("open_box", "ship")
    actions_row = ("open_box", "ship")
    fields = (
        "code",
        "registration",
        "send_to",
        "status",
        "carrier",
        "tracking_link",
        "created_at",
        "shipped_at",
        "delivered_at",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Box]:
        """Those of the districts of who looks."""
        return scopes.of(staff_of(request)).boxes(super().get_queryset(request))[0]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        hidden = {"hidden_count": scopes.of(staff_of(request)).boxes(Box.objects.all())[1]}
        return super().changelist_view(request, {**(extra_context or {}), **hidden})

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("in-time/", view(in_time.board), name="campaigns_box_in_time"),
            path("table/", view(self.table_view), name="campaigns_box_table"),
            path("pack/<str:code>/", view(self.pack_view), name="campaigns_box_pack"),
        ]
        return [*own, *super().get_urls()]

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """Which box lies on the table."""
        return packing.table_page(request, context=packing.frame(request))

    def pack_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """That box, line by line."""
        return packing.box_page(request, code, context=packing.frame(request))

    @action(description="Pack or check", permissions=["move"], url_path="open", icon="inventory_2")
    def open_box(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """On to its page."""
        return see_other("admin:campaigns_box_pack", get_object_or_404(self.get_queryset(request), pk=object_id).code)

    def has_move_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may say what became of a box."""
        return bool(request.user.has_perm("campaigns.change_box"))

    @display(description="Local", ordering="registration__local__number")
    def local(self, box: Box) -> str:
        return str(box.registration.local)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, box: Box) -> tuple[str, str]:
        return box.status, box.get_status_display()

    @display(description="Tracking number", ordering="tracking_number")
    def tracking_link(self, box: Box) -> str:
        url = shipping.tracking_url(box)
        return (
            format_html('<a href="{}" rel="noreferrer">{}</a>', url, box.tracking_number)
            if url
            else box.tracking_number
        )

    @display(description="Send to")
    def send_to(self, box: Box) -> SafeString:
        return format_html_join("", "{}<br>", ((line,) for line in box.place.lines))

    @action(description="Mark as shipped", permissions=["move"], url_path="ship", icon="local_shipping")
    def ship(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Carrier and tracking number; the local gets a letter, once."""
        box = get_object_or_404(
            self.get_queryset(request).select_related("registration__local", "registration__week"), pk=object_id
        )
        form = ShipForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" and box.status not in Box.WAITING:
            messages.warning(request, f"Box {box} is {box.get_status_display()}.")
            return HttpResponseRedirect(reverse("admin:campaigns_box_change", args=[box.pk]))
        if form.is_valid() and self._ship(request, box, form):
            return HttpResponseRedirect(reverse("admin:campaigns_box_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Mark box {box} as shipped",
            "opts": self.opts,
            "box": box,
            "form": form,
        }
        return render(request, "admin/campaigns/box/ship.html", context, status=422 if form.errors else 200)

    def _ship(self, request: HttpRequest, box: Box, form: ShipForm) -> bool:
        """Whether there is no more to do on the page; what there is to say has been said."""
        try:
            if shipping.ship_box(box=box, by=staff_of(request), **form.cleaned_data):
                messages.success(request, f"Box {box} is marked as shipped. {box.registration.local} gets a letter.")
            else:
                messages.warning(
                    request, f"Box {box} has left already, or its registration is no longer approved. Nothing changed."
                )
        except shipping.TrackingNumberTaken:
            form.add_error("tracking_number", "Another box has this tracking number.")
            return False
        return True

    @action(description="Carrier file of these", permissions=["move"])
    def carrier_file(self, request: HttpRequest, queryset: QuerySet[Box]) -> HttpResponse:
        """Of those that are packed and checked; it holds addresses."""
        return carriers.chosen_file(request, queryset)

    @action(description="Mark as packed", permissions=["move"])
    def mark_packed(self, request: HttpRequest, queryset: QuerySet[Box]) -> None:
        """Those of the chosen that were planned."""
        self._report(request, shipping.mark_packed(boxes=queryset, by=staff_of(request)), "packed")

    @action(description="Mark as delivered", permissions=["move"])
    def mark_delivered(self, request: HttpRequest, queryset: QuerySet[Box]) -> None:
        """Those of the chosen that were on their way."""
        self._report(request, shipping.mark_delivered(boxes=queryset, by=staff_of(request)), "delivered")

    @action(description="Mark as lost", permissions=["move"])
    def mark_lost(self, request: HttpRequest, queryset: QuerySet[Box]) -> None:
        """The local may get another box."""
        self._report(request, shipping.mark_lost(boxes=queryset, by=staff_of(request)), "lost")

    @action(description="Mark as returned to us", permissions=["move"])
    def mark_returned(self, request: HttpRequest, queryset: QuerySet[Box]) -> None:
        """The local may get another box."""
        self._report(request, shipping.mark_returned(boxes=queryset, by=staff_of(request)), "returned")

    def _report(self, request: HttpRequest, count: int, state: str) -> None:
        self.message_user(request, f"1 box marked as {state}." if count == 1 else f"{count} boxes marked as {state}.")
