"""Changes that locals asked for after the freeze: how it stands, how they want it, and yes or no."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from campaigns.entering import branches
from campaigns.models import ChangeRequest
from campaigns.private_page import changing
from csan.lib.staff import ReadOnlyAdmin, staff_of

STATUS_COLOURS = {
    ChangeRequest.Status.ASKED: "warning",
    ChangeRequest.Status.APPROVED: "success",
    ChangeRequest.Status.DECLINED: "danger",
    ChangeRequest.Status.TAKEN_BACK: "info",
}


class DecisionForm(forms.Form):
    """Yes or no, and what the local reads about it."""

    answer = forms.CharField(
        max_length=300,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="The local reads this in the letter and on its page. A no needs a reason.",
    )
    decision = forms.ChoiceField(choices=[("approve", "approve"), ("decline", "decline")], required=True)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "decline" and not cleaned.get("answer"):
            self.add_error("answer", "Please say why: the local reads it.")
        return cleaned


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnlyAdmin):
    """What waits stands first, the oldest of it on top."""

    list_display = (
        "local",
        "status_label",
        "fields_wanted",
        "why",
        "asked_by",
        "asked_at",
        "decided_at",
        "decided_by",
    )
    list_filter = ("status", "registration__week", "registration__local__district")
    list_select_related = ("registration__local", "registration__week", "decided_by")
    search_fields = ("registration__local__number", "registration__contact_name")
    fields = ("registration", "status", "fields_wanted", "why", "asked_by", "asked_at", "answer", "decided_at")
    readonly_fields = fields
    actions_detail = ("decide",)
    actions_row = ("decide",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ChangeRequest]:
        return ChangeRequest.objects.annotate(is_decided=Case(When(status="asked", then=0), default=1))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("is_decided", "asked_at", "pk")

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may say yes or no."""
        return bool(request.user.has_perm("campaigns.change_registration"))

    @display(description="Local", ordering="registration__local__number")
    def local(self, change: ChangeRequest) -> str:
        return str(change.registration.local)

    @display(description="Status", ordering="status", label=STATUS_COLOURS)
    def status_label(self, change: ChangeRequest) -> tuple[str, str]:
        return change.status, change.get_status_display()

    @display(description="What would change")
    def fields_wanted(self, change: ChangeRequest) -> str:
        return ", ".join(name.replace("_", " ") for name in change.wanted)

    @action(description="Before and after", permissions=["decide"], url_path="decide", icon="compare_arrows")
    def decide(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How it stands beside how the local wants it; two buttons. The local gets one letter."""
        rows = ChangeRequest.objects.select_related("registration__local", "registration__week", "decided_by")
        change = get_object_or_404(rows, pk=object_id)
        form = DecisionForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and self._decide(request, change, form):
            return HttpResponseRedirect(reverse("admin:campaigns_changerequest_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"{change.registration.local} asks for a change",
            "opts": self.opts,
            "change": change,
            "differences": changing.differences(change),
            "moves_a_packed_box": changing.moves_a_packed_box(change),
            "form": form,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/campaigns/changerequest/decide.html", context, status=status)

    def _decide(self, request: HttpRequest, change: ChangeRequest, form: DecisionForm) -> bool:
        """Whether there is no more to do on the page; what there is to say has been said."""
        answer, by = form.cleaned_data["answer"], staff_of(request)
        try:
            if form.cleaned_data["decision"] == "approve":
                done = changing.approve_change(request=change, answer=answer, by=by)
            else:
                done = changing.decline_change(request=change, answer=answer, by=by)
        except changing.CannotAsk:
            form.add_error(None, "Its box has left, or the local takes no part any more: this can only be declined.")
            return False
        except branches.PlaceInUse:
            form.add_error(None, "A box is being made ready for a place that would go away. Cancel it first.")
            return False
        if done:
            messages.success(request, f"{change.registration.local} gets a letter.")
        else:
            messages.warning(request, "This was decided before. Nothing changed.")
        return True
