"""The staff pages of legislators: their terms, offices, committee seats, and the bills that bear their name."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from csan.lib.states import NAMES
from petitions.models import CommitteeSeat, Cosponsorship, Legislator, Measure, Office, Term

MEASURES_TO_FILTER_BY = 12


class ReadOnlyInline(TabularInline):
    """Rows that imports keep right: what is written here would be gone with the next one."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class TermInline(TabularInline):
    """From when to when in which seat. Staff may end a term before the next import does."""

    model = Term
    extra = 0
    fields = ("chamber", "state", "number", "starts_on", "ends_on", "party", "phone", "website", "contact_form")
    ordering = ("-starts_on",)


class OfficeInline(ReadOnlyInline):
    """Offices at home."""

    model = Office
    fields = ("city", "state", "address", "building", "suite", "zip_code", "phone")
    ordering = ("state", "city")


class CommitteeInline(ReadOnlyInline):
    """Committees, each before its subcommittees."""

    model = CommitteeSeat
    fields = ("committee", "name", "title", "rank")
    ordering = ("committee",)


class CosponsorshipInline(TabularInline):
    """Bills that bear the legislator's name."""

    model = Cosponsorship
    extra = 0
    fields = ("measure", "is_sponsor", "since", "withdrawn_on")
    autocomplete_fields = ("measure",)
    ordering = ("-measure__congress", "measure__kind", "measure__number")


class TermFilter(admin.SimpleListFilter):
    """What filters by the running term share: nobody is found by a seat that they have left."""

    def narrowed(self, queryset: QuerySet[Any], **of_term: Any) -> QuerySet[Any]:
        terms = Term.objects.on(timezone.localdate()).filter(legislator=OuterRef("pk"), **of_term)
        return queryset.filter(Exists(terms))


class ChamberFilter(TermFilter):
    """In which chamber they sit."""

    title, parameter_name = "chamber", "chamber"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Term.Chamber.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrowed(queryset, chamber=self.value()) if self.value() else queryset


class StateFilter(TermFilter):
    """For which state they sit."""

    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, str(name)) for code, name in NAMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrowed(queryset, state=self.value()) if self.value() else queryset


class SittingFilter(TermFilter):
    """Whether they sit today."""

    title, parameter_name = "sitting", "sitting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Sits today"), ("no", "Has left, or has yet to begin")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "yes":
            return self.narrowed(queryset)
        return queryset.exclude(pk__in=self.narrowed(queryset)) if self.value() == "no" else queryset


class CosponsorFilter(admin.SimpleListFilter):
    """Whose name stands under a bill that petitions ask for."""

    title, parameter_name = "name under", "measure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        measures = Measure.objects.filter(Exists(Cosponsorship.objects.filter(measure=OuterRef("pk"))))
        newest = measures.order_by("-congress", "kind", "number")[:MEASURES_TO_FILTER_BY]
        return [(str(measure.pk), str(measure)) for measure in newest]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        measure = self.value() or ""
        if not measure.isdecimal():
            return queryset
        names = Cosponsorship.objects.standing().filter(legislator=OuterRef("pk"), measure=int(measure))
        return queryset.filter(Exists(names))


@admin.register(Legislator)
class LegislatorAdmin(ModelAdmin):
    """Who sits in Congress, and sat. Nobody is deleted: signatures were delivered to them."""

    list_display = ("full_name", "seat", "party", "phone", "bioguide")
    list_filter = (SittingFilter, ChamberFilter, StateFilter, CosponsorFilter)
    search_fields = ("full_name", "family_name", "bioguide")
    fields = ("full_name", "given_name", "family_name", "bioguide")
    inlines = (TermInline, CommitteeInline, CosponsorshipInline, OfficeInline)
    ordering = ("family_name", "given_name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Legislator]:
        running = Term.objects.on(timezone.localdate()).order_by("starts_on")
        return Legislator.objects.prefetch_related(Prefetch("terms", queryset=running, to_attr="running"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("bioguide",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Seat today")
    def seat(self, legislator: Any) -> str:
        return ", ".join(f"{term.title} {term.seat}" for term in legislator.running) or "–"

    @display(description="Party")
    def party(self, legislator: Any) -> str:
        return ", ".join(term.party for term in legislator.running)

    @display(description="Telephone")
    def phone(self, legislator: Any) -> str:
        return ", ".join(term.phone for term in legislator.running)
