"""The staff pages of measures: bills, their line through the Congresses, and what happened to them."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from petitions.models import Measure, MeasureEvent


class EventInline(TabularInline):
    """What happened to the bill, day by day."""

    model = MeasureEvent
    extra = 0
    fields = ("happened_on", "what", "what_es", "source_url")
    ordering = ("happened_on", "pk")


@admin.register(Measure)
class MeasureAdmin(ModelAdmin):
    """Bills and resolutions, their line through the Congresses, and what happened to them."""

    list_display = ("__str__", "title", "lead", "companion", "successor")
    list_filter = ("congress", "kind")
    list_select_related = ("companion", "successor")
    search_fields = ("title", "number", "lead")
    autocomplete_fields = ("companion", "successor")
    inlines = (EventInline,)
    ordering = ("-congress", "kind", "number")
