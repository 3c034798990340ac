"""Issues: write, preview, test, send, watch, pause."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from csan.lib.addresses import InvalidAddress
from csan.lib.mail.skeleton import fill_text
from csan.lib.staff import staff_of
from members import newsletter
from members.models import Issue, Message, Subscription

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
PREVIEW_LINKS = {"key": "preview"}


def is_draft(obj: Model | None) -> bool:
    """Whether an issue's words may still change; None is an issue about to be made."""
    return not isinstance(obj, Issue) or obj.status == Issue.Status.DRAFT


class TestForm(forms.Form):
    """In which language to send the test."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


@admin.register(Issue)
class IssueAdmin(ModelAdmin):
    """Issues of the newsletter. Once frozen an issue is only watched, paused, resumed or cancelled."""

    list_display = ("number", "subject", "status_label", "candidates", "frozen_at", "finished_at")
    list_display_links = ("number", "subject")
    list_filter = ("status",)
    search_fields = ("subject", "intro")
    ordering = ("-number",)
    fieldsets = (
        (None, {"fields": ("number", "subject", "intro")}),
        ("Spanish", {"fields": ("subject_es", "intro_es"), "classes": ["tab"]}),
    )
    actions_detail = ("sending", "preview")

    @display(description="Status", label=STATUS_COLOURS)
    def status_label(self, issue: Issue) -> tuple[str, str]:
        return issue.status, issue.get_status_display()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"number": 1, **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_draft(obj) and super().has_delete_permission(request, obj)

    def has_send_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may send: whoever may write issues, whatever the issue's state."""
        return super().has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/rendition/<str:language>/", self._guard(self.rendition), name="members_issue_rendition"),
            path("<int:pk>/progress.json", self._guard(self.progress), name="members_issue_progress"),
        ]
        return own + super().get_urls()

    def _guard(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return self.admin_site.admin_view(view)

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @action(description="Preview", permissions=["send"], url_path="preview", icon="visibility")
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The issue as a letter: each language, at desktop and phone width, and its plain text."""
        issue = get_object_or_404(Issue, pk=object_id)
        renditions = [newsletter.render(issue, code) for code, _ in settings.LANGUAGES]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview of {issue}",
            "opts": self.opts,
            "issue": issue,
            "renditions": [(each, fill_text(each.text, PREVIEW_LINKS)) for each in renditions],
        }
        return render(request, "admin/members/issue/preview.html", context)

    def rendition(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The HTML part alone, for the preview's frames."""
        self._require_view(request)
        issue = get_object_or_404(Issue, pk=pk)
        html = fill_text(newsletter.render(issue, language).html, PREVIEW_LINKS)
        response: HttpResponse = xframe_options_sameorigin(lambda _: HttpResponse(html))(request)
        return response

    @action(description="Send and watch", permissions=["send"], url_path="sending", icon="send")
    def sending(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Everything about sending on one page: who gets it, the test, the button, the progress, the brakes."""
        issue = get_object_or_404(Issue, pk=object_id)
        if request.method == "POST":
            self._act(request, issue)
            return HttpResponseRedirect(request.path)
        readers = Subscription.objects.active()
        context = {
            **self.admin_site.each_context(request),
            "title": str(issue),
            "opts": self.opts,
            "issue": issue,
            "test_form": TestForm(),
            "languages": [(name, readers.filter(person__language=code).count()) for code, name in settings.LANGUAGES],
            "readers": readers.count(),
            "report": self._report(issue),
        }
        return render(request, "admin/members/issue/sending.html", context)

    def _act(self, request: HttpRequest, issue: Issue) -> None:
        by = staff_of(request)
        try:
            match request.POST.get("do"):
                case "test":
                    form = TestForm(request.POST)
                    if form.is_valid() and by.email:
                        newsletter.send_test(issue=issue, by=by, language=form.cleaned_data["language"])
                        messages.success(request, f"A test is on its way to {by.email}.")
                    else:
                        messages.error(request, "Your staff account has no e-mail address to send the test to.")
                case "pause":
                    newsletter.pause(issue=issue, by=by)
                    messages.success(request, "Paused. Letters already handed over are out; no other will leave.")
                case "resume":
                    newsletter.resume(issue=issue, by=by)
                    messages.success(request, "Sending goes on where it stopped.")
                case "cancel":
                    newsletter.cancel(issue=issue, by=by)
                    messages.success(request, "Cancelled. Letters that had not left will never leave.")
                case "take-as-sent" | "send-again" as choice:
                    count = newsletter.settle_doubts(issue=issue, by=by, send_again=choice == "send-again")
                    messages.success(request, f"{count} uncertain letters settled.")
        except InvalidAddress:
            messages.error(request, "The e-mail address of your staff account is none; please correct it.")
        except newsletter.NobodyToSendTo:
            messages.error(request, "Nobody is subscribed yet, so there is nobody to send the issue to.")
        except newsletter.WrongState:
            messages.warning(request, "That is not possible any more; the issue has moved on.")
        except newsletter.Unsendable as error:
            messages.error(request, f"This issue cannot be made into a letter: {error}")

    def progress(self, request: HttpRequest, pk: int) -> JsonResponse:
        """What the page asks for every two seconds while an issue is under way."""
        self._require_view(request)
        return JsonResponse(self._report(get_object_or_404(Issue, pk=pk)))

    def _report(self, issue: Issue) -> dict[str, Any]:
        how = newsletter.progress(issue)
        return {
            "status": issue.status,
            "label": issue.get_status_display().capitalize(),
            "candidates": how.candidates,
            "settled": how.settled,
            "rate": round(how.rate, 1),
            "seconds_left": how.seconds_left,
            "counts": [
                {"status": status, "label": str(label), "count": how.counts.get(status, 0)}
                for status, label in Message.Status.choices
            ],
        }
