"""The staff pages of districts: who holds them, which states are redrawn, what a ZIP code tells, what is known."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from csan.lib.forms import ZipField
from csan.lib.staff import ReadOnlyAdmin
from csan.lib.states import NAMES, name_of, state_of
from petitions import districts, resolving
from petitions.models import District, DistrictReview, Redrawing, Term

Reason = DistrictReview.Reason


class ZipForm(forms.Form):
    """A ZIP code to look up."""

    zip_code = ZipField(label="What does this ZIP code tell?", widget=UnfoldAdminTextInputWidget())


class VacancyFilter(admin.SimpleListFilter):
    """Whether somebody holds the seat today."""

    title, parameter_name = "held", "held"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Held"), ("no", "Vacant today")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return queryset.filter(Exists(holders()))
        if self.value() == "no":
            newest = [district.pk for district in districts.newest_lines()]
            return queryset.filter(~Exists(holders()), pk__in=newest)
        return queryset


class StateFilter(admin.SimpleListFilter):
    """The state by its name."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(name)) for code, name in NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


def holders() -> QuerySet[Term]:
    """The terms of today in the seat of a district of an outer query."""
    today = Term.objects.on(timezone.localdate()).filter(chamber=Term.Chamber.HOUSE)
    return today.filter(state=OuterRef("state"), number=OuterRef("number"))


@admin.register(District)
class DistrictAdmin(ReadOnlyAdmin):
    """Seats of the House as they were drawn for a Congress. Imports write them."""

    list_display = ("code", "congress", "holder", "zip_codes_in_it")
    list_filter = ("congress", VacancyFilter, StateFilter)
    search_fields = ("=state", "=number")
    fields = ("congress", "state", "number", "holder", "zip_codes_in_it")
    ordering = ("-congress", "state", "number")
    actions_list = ("look_up",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        name = holders().order_by("starts_on").values("legislator__full_name")[:1]
        return District.objects.annotate(holder_name=name, zips=Count("zip_codes"))

    @display(description="Held by")
    def holder(self, district: Any) -> str:
        return district.holder_name or "vacant, or not known"

    @display(description="ZIP codes", ordering="zips")
    def zip_codes_in_it(self, district: Any) -> int:
        return int(district.zips)

    @action(description="Look up a ZIP code", permissions=["view"], url_path="look-up")
    def look_up(self, request: HttpRequest) -> HttpResponse:
        """What a ZIP code tells today, as a signer will see it. A ZIP code alone is nobody's."""
        form = ZipForm(request.GET or None)
        context: dict[str, Any] = {}
        if form.is_valid():
            zip_code = form.cleaned_data["zip_code"]
            found = districts.find(zip_code)
            context = {
                "zip_code": zip_code,
                "found": found,
                "how": found.how and districts.How(found.how).label,
                "state": name_of(found.candidates[0][:2] if found.candidates else state_of(zip_code)),
                "members": [
                    (code, districts.members_for(zip_code=zip_code, district=code))
                    for code in found.candidates or [""]
                ],
            }
        page = {
            **self.admin_site.each_context(request),
            "title": "Look up a ZIP code",
            "opts": self.opts,
            "form": form,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/petitions/district/look_up.html", {**page, **context}, status=status)


@admin.register(Redrawing)
class RedrawingAdmin(ModelAdmin):
    """States whose lines changed: until their new table is in, their signers see their senators only."""

    list_display = ("state", "congress", "note", "has_new_table")
    list_filter = ("congress",)
    search_fields = ("state", "note")
    ordering = ("-congress", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        table = District.objects.filter(state=OuterRef("state"), congress__gte=OuterRef("congress"))
        return Redrawing.objects.annotate(has_table=Exists(table))

    @display(description="New table is in", boolean=True)
    def has_new_table(self, redrawing: Any) -> bool:
        return bool(redrawing.has_table)

    def save_model(self, request: HttpRequest, obj: Redrawing, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        resolving.begin_review(reason=Reason.IMPORT, congress=obj.congress)

    def delete_model(self, request: HttpRequest, obj: Redrawing) -> None:
        super().delete_model(request, obj)
        resolving.begin_review(reason=Reason.IMPORT, congress=obj.congress)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Redrawing]) -> None:
        for congress in set(queryset.values_list("congress", flat=True)):
            resolving.begin_review(reason=Reason.IMPORT, congress=congress)
        super().delete_queryset(request, queryset)


@admin.register(DistrictReview)
class DistrictReviewAdmin(ReadOnlyAdmin):
    """Walks through the signatures after lines have changed."""

    list_display = ("__str__", "begun_at", "looked", "changed", "finished_at")
    fields = ("reason", "congress", "begun_at", "looked", "changed", "finished_at")
    ordering = ("-pk",)
