"""Issues: write, preview, test, send, watch, pause."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members import newsletter
from members.admin import composer, previews, sending
from members.admin.composer_forms import IssueDayForm
from members.models import Issue

STATUS_COLOURS = {
    Issue.Status.DRAFT: "info",
    Issue.Status.REVIEW: "info",
    Issue.Status.APPROVED: "success",
    Issue.Status.SCHEDULED: "warning",
    Issue.Status.CANARY: "warning",
    Issue.Status.SENDING: "warning",
    Issue.Status.PAUSED: "warning",
    Issue.Status.SENT: "success",
    Issue.Status.ATTENTION: "danger",
    Issue.Status.CANCELLED: "danger",
}


def next_number() -> int:
    """The number a new issue gets."""
    return int(Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1


@admin.register(Issue)
class IssueAdmin(ModelAdmin):
    """Issues of the newsletter. Once frozen an issue is only watched, paused, resumed or cancelled."""

    list_display = ("title", "status_label", "due_on", "candidates", "frozen_at", "finished_at")
    list_display_links = None
    list_filter = ("status",)
    search_fields = ("subject", "intro")
    ordering = ("-number",)
    form = IssueDayForm
    fieldsets = (
        (None, {"fields": ("number", "due_on")}),  # its words are the composer's
    )
    add_fieldsets = ((None, {"fields": ("number", "due_on", "subject", "subject_es")}),)
    actions_detail = ("compose", "preview", "sending")

    @display(description="Status", label=STATUS_COLOURS)
    def status_label(self, issue: Issue) -> tuple[str, str]:
        return issue.status, issue.get_status_display()

    @display(description="Issue", ordering="number")
    def title(self, issue: Issue) -> SafeString:
        """Leads to where there is something to do: the composer, or once it is frozen its sending."""
        page = "sending" if issue.is_frozen else "compose"
        return format_html(
            '<a class="font-semibold" href="{}">{}</a>', reverse(f"admin:members_issue_{page}", args=[issue.pk]), issue
        )

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def response_add(self, request: HttpRequest, obj: Issue, post_url_continue: str | None = None) -> HttpResponse:
        """A new issue is written next."""
        return see_other("admin:members_issue_compose", obj.pk)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"number": next_number(), **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("number", "due_on") if isinstance(obj, Issue) and obj.is_frozen else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_frozen = isinstance(obj, Issue) and obj.is_frozen
        return not is_frozen and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Issue, form: Any, change: bool) -> None:
        """An edit withdraws the approval; of a frozen issue it is a correction, which has to be published."""
        super().save_model(request, obj, form, change)
        newsletter.touched(issue=obj, by=staff_of(request))

    def has_send_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may send: whoever may write issues, whatever the issue's state."""
        return super().has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        own = [
            *composer.urls(self._guard),
            *previews.urls(self._guard),
            path("<int:pk>/progress.json", self._guard(self.progress), name="members_issue_progress"),
        ]
        return own + super().get_urls()

    def _guard(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @action(description="Compose", permissions=["send"], url_path="compose", icon="edit_note")
    def compose(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Where the issue is put together."""
        return composer.compose(request, object_id)

    @action(description="Preview", permissions=["view"], url_path="preview", icon="visibility")
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The issue as its readers will get it."""
        return previews.page(request, object_id)

    @action(description="Send and watch", permissions=["send"], url_path="sending", icon="send")
    def sending(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Everything about sending on one page: checks, test, approval, progress, brakes, proof."""
        issue = get_object_or_404(Issue.objects.select_related("editor"), pk=object_id)
        by = staff_of(request)
        if request.method == "POST" and request.POST.get("do") != sending.LOOK:
            sending.act(request, issue, by)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": str(issue),
            "opts": self.opts,
            **sending.context_of(request, issue, by),
        }
        return render(request, "admin/members/issue/sending.html", context)

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """What the page asks for every two seconds while an issue is under way."""
        self._require_view(request)
        return JsonResponse(sending.report_of(get_object_or_404(Issue, pk=pk)))
