"""Calls to Congress, as callers told of them."""

from django.contrib import admin

from csan.lib.staff import ReadOnlyAdmin
from petitions.models import CallTally


@admin.register(CallTally)
class CallTallyAdmin(ReadOnlyAdmin):
    """How many calls to an office went how on a day. Who called is not kept."""

    list_display = ("legislator", "outcome", "made_on", "count", "petition")
    list_filter = ("outcome", "petition", "made_on")
    list_select_related = ("legislator", "petition")
    search_fields = ("legislator__full_name",)
    ordering = ("-made_on", "-count")
