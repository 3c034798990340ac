"""The fraud desk: the figures of each petition, what trends, and the ways on; and from where on it speaks."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from unfold.admin import ModelAdmin

from csan.lib import audit, bell
from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from petitions.admin.fraud_review import ReviewersAdmin, evidence_link
from petitions.fraud import desk, trending
from petitions.models import FraudFigures, FraudLimits, Trend

SHOWN = 30  # trends


@admin.register(FraudFigures)
class FraudFiguresAdmin(ReviewersAdmin):
    """One page instead of a list. Everything on it was counted in the background."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and self.has_view_permission(request):
            bell.ring(desk.BELL)
            messages.success(request, "It is being counted; look again in a moment.")
            return see_other("admin:petitions_fraudfigures_changelist")
        if not self.has_view_permission(request):
            return super().changelist_view(request)
        figures = FraudFigures.objects.select_related("petition").order_by("-petition__opens_at")
        context = {
            **self.admin_site.each_context(request),
            "title": "Fraud desk",
            "opts": self.opts,
            "today": desk.today(staff_of(request)),
            "petitions": [
                {"petition": each.petition, "shares": desk.shares(each), "counted_at": each.counted_at,
                 "numbers": each.numbers}
                for each in figures
            ],
            "trends": trends(),
        }  # fmt: skip
        return render(request, "admin/petitions/fraudfigures/desk.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return see_other("admin:petitions_fraudfigures_changelist")


def trends() -> list[dict[str, Any]]:
    """The newest hours, what is remarkable first; each with the list of its signatures, and the way to set aside."""
    newest = Trend.objects.select_related("petition").order_by("-hour", "-is_remarkable", "-count")[:SHOWN]
    return [{"trend": trend, **_ways_on(trend)} for trend in newest]


def _ways_on(trend: Trend) -> dict[str, str]:
    is_domain = trend.kind == Trend.Kind.DOMAIN
    end = trend.hour + trending.HOUR
    asked = {"mail_domain" if is_domain else "network_hash": trend.value}
    hour = {"signed_at__gte": trend.hour.isoformat(), "signed_at__lt": end.isoformat()}
    meant: dict[str, str | int] = {"domain" if is_domain else "network": trend.value, "petition": trend.petition_id}
    return {
        "list_url": evidence_link(petition__id__exact=trend.petition_id, **asked, **hour),
        "job_url": f"{reverse('admin:petitions_invalidation_add')}?{urlencode(meant)}",
    }


class OnlyRowAdmin(ModelAdmin):
    """A table of one row: its list is its form, and nothing is added or deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request)
        self.model._default_manager.get_or_create()
        return see_other(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", 1)


@admin.register(FraudLimits)
class FraudLimitsAdmin(OnlyRowAdmin):
    """From where on something is told. Refuses nobody."""

    def save_model(self, request: HttpRequest, obj: FraudLimits, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            said = {name: form.cleaned_data[name] for name in form.changed_data}
            audit.record(by=staff_of(request), objects=[obj], did="Set limits", **said)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing more: what was set stands in the log already, with its numbers."""
