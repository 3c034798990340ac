"""The staff pages of measures: bills, their line through the Congresses, who signed them and what happened."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from petitions.admin.successions import move_page
from petitions.models import Cosponsorship, Measure, MeasureEvent, Provision


class EventInline(TabularInline):
    """What happened to the bill, day by day."""

    model = MeasureEvent
    extra = 0
    fields = ("happened_on", "what", "what_es", "source_url")
    ordering = ("happened_on", "pk")


class ProvisionInline(TabularInline):
    """What the bill provides, in plain words."""

    model = Provision
    extra = 0
    fields = ("position", "text", "text_es")
    ordering = ("position",)


class NameInline(TabularInline):
    """Who brought the bill in, and who put their name to it."""

    model = Cosponsorship
    verbose_name = "name under the bill"
    verbose_name_plural = "names under the bill"
    extra = 0
    fields = ("legislator", "is_sponsor", "since", "withdrawn_on")
    autocomplete_fields = ("legislator",)
    ordering = ("-is_sponsor", "since", "legislator__family_name")


@admin.register(Measure)
class MeasureAdmin(ModelAdmin):
    """Bills and resolutions, their line through the Congresses, and what happened to them."""

    list_display = ("__str__", "title", "lead", "cosponsors", "companion", "successor")
    list_filter = ("congress", "kind")
    list_select_related = ("companion", "successor")
    search_fields = ("title", "number", "lead")
    autocomplete_fields = ("companion", "successor")
    inlines = (ProvisionInline, NameInline, EventInline)
    ordering = ("-congress", "kind", "number")
    actions_detail = ("successor",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Measure]:
        standing = Q(cosponsorships__is_sponsor=False, cosponsorships__withdrawn_on=None)
        return Measure.objects.annotate(names=Count("cosponsorships", filter=standing))

    @display(description="Cosponsors", ordering="names")
    def cosponsors(self, measure: Measure) -> int:
        return int(getattr(measure, "names", 0))

    def has_move_permission(self, request: HttpRequest, object_id: str | int | None = None) -> bool:
        """Who may move petitions, which writes to all their signers."""
        return bool(request.user.has_perms(["petitions.add_succession", "petitions.change_petition"]))

    @action(description="Move its petitions to the successor", permissions=["move"], url_path="successor")
    def successor(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """A page that says first how many signers would be asked."""
        return move_page(request, object_id, context={**self.admin_site.each_context(request), "opts": self.opts})
