"""What locals told after a week: read, put on the wall, taken off it."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import action, display

from campaigns import reporting
from campaigns.models import Report
from csan.lib.staff import ReadOnlyAdmin, staff_of


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Reports as the locals wrote them. Staff decide only whether the public sees one."""

    list_display = ("local", "headcount", "sentence", "may_be_shown", "is_shown", "finished_at")
    list_filter = ("registration__week", "may_be_shown", ("approved_at", admin.EmptyFieldListFilter))
    list_select_related = ("registration__local", "registration__week")
    search_fields = ("registration__local__number", "sentence")
    ordering = ("-finished_at", "-pk")
    actions = ("show", "hide")
    fields = (
        "registration",
        "took_part",
        "headcount",
        "sentence",
        "may_be_shown",
        "answers",
        "things",
        "begun_at",
        "changed_at",
        "finished_at",
        "approved_at",
    )
    readonly_fields = fields

    def has_moderate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may let the public see a report."""
        return bool(request.user.has_perm("campaigns.change_report"))

    @display(description="Local", ordering="registration__local__number")
    def local(self, report: Report) -> str:
        return str(report.registration)

    @display(description="On the wall", boolean=True)
    def is_shown(self, report: Report) -> bool:
        return report.approved_at is not None

    @display(description="Tasks")
    def answers(self, report: Report) -> str:
        rows = report.tasks.select_related("task").order_by("task__position", "task")
        return "; ".join(
            f"{row.task}: {'yes' if row.was_done else 'no'}"
            + (f", {row.number:,}" if row.number is not None else "")
            + (f", {row.evidence}" if row.evidence else "")
            for row in rows
        )

    @display(description="Materials")
    def things(self, report: Report) -> str:
        rows = report.items.select_related("item").order_by("item__sku")
        return "; ".join(f"{row.item}: {row.left_over:,} left over, {row.short:,} too few" for row in rows)

    @action(description="Put on the wall", permissions=["moderate"])
    def show(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Those of the chosen whose locals agreed."""
        refused = 0
        for report in queryset:
            try:
                moderating.approve(report=report, by=staff_of(request))
            except moderating.NotAgreed:
                refused += 1
        self.message_user(request, f"{queryset.count() - refused} on the wall.")
        if refused:
            self.message_user(request, f"{refused} did not agree to be shown.", messages.WARNING)

    @action(description="Take off the wall", permissions=["moderate"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """The locals may then correct their reports again."""
        for report in queryset:
            moderating.hide(report=report, by=staff_of(request))
        self.message_user(request, "They are not on the wall.")
