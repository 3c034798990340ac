"""The log of deliveries; and, under its addresses, the whip board."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import display

from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, staff_of
from petitions.admin import whip
from petitions.admin.delivery_forms import AnswerForm
from petitions.admin.frame import may, page, require
from petitions.delivering import deliveries
from petitions.models import Delivery, Referral


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Deliveries: recorded on a member's page, never edited; what the member answered is added here."""

    list_display = ("on", "legislator", "seat", "petition", "how", "count", "by", "is_answered")
    list_filter = ("petition", "how", ("answered_on", admin.EmptyFieldListFilter))
    list_select_related = ("legislator", "petition", "by")
    search_fields = ("legislator__family_name", "seat", "to")
    date_hierarchy = "on"
    ordering = ("-on", "-pk")

    @display(description="Answered", boolean=True)
    def is_answered(self, delivery: Delivery) -> bool:
        return bool(delivery.answer)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("whip/", view(whip.choose), name="petitions_whip"),
            path("whip/<int:pk>/", view(whip.board), name="petitions_whip_board"),
            path("whip/<int:pk>/<slug:bioguide>/", view(whip.member), name="petitions_whip_member"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One delivery, and the form for its answer."""
        require(self.has_view_permission(request))
        rows = Delivery.objects.select_related("legislator", "petition", "packet", "by")
        delivery = get_object_or_404(rows, pk=object_id)
        kept = {"answer": delivery.answer, "answered_on": delivery.answered_on} if delivery.answer else None
        form = AnswerForm(request.POST if request.method == "POST" else None, initial=kept)
        if request.method == "POST":
            require(may(request, "change_delivery"))
            if form.is_valid():
                data = form.cleaned_data
                deliveries.note_answer(
                    delivery=delivery, answer=data["answer"], on=data["answered_on"], by=staff_of(request)
                )
                messages.success(request, "Noted.")
                return see_other("admin:petitions_delivery_change", delivery.pk)
        context = {"delivery": delivery, "form": form, "may_answer": may(request, "change_delivery")}
        status = 422 if form.errors else 200
        return page(request, "whip/delivery", str(delivery), model=Delivery, status=status, **context)


@admin.register(Referral)
class ReferralAdmin(ModelAdmin):
    """Which committees have which bill: their members are asked for a markup."""

    list_display = ("measure", "committee")
    list_select_related = ("measure",)
    autocomplete_fields = ("measure",)
    search_fields = ("committee", "measure__number")
    ordering = ("-measure__congress", "measure__kind", "measure__number", "committee")
