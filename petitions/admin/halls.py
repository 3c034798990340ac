"""Where many may sign from one network: a local's events with their links, and the networks of its halls."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from csan.lib.pages import see_other
from csan.lib.staff import staff_of
from members.models import Local
from petitions import sheets
from petitions.admin.moments import moment
from petitions.fraud import events
from petitions.models import AllowedNetwork, Petition, SigningEvent


class EventForm(forms.Form):
    """A meeting at which people sign."""

    local = forms.ModelChoiceField(
        Local.objects.order_by("affiliate", "number"),
        widget=UnfoldAdminSelectWidget,
        help_text="Is credited with what is signed there.",
    )
    petition = forms.ModelChoiceField(
        Petition.objects.public().order_by("slug"), to_field_name="slug", widget=UnfoldAdminSelectWidget
    )
    label = forms.CharField(
        max_length=100, widget=UnfoldAdminTextInputWidget, help_text="For staff, such as “October meeting”."
    )
    ends_at = moment("Ends at", help_text="Within a month. Then the link is a plain one.")


@admin.register(SigningEvent)
class SigningEventAdmin(ModelAdmin):
    """Events. The page of one has its link and its QR code, to be printed or shown on a wall."""

    list_display = ("label", "local", "is_on", "ends_at", "by", "created_at")
    list_select_related = ("source_code__local", "by")
    ordering = ("-created_at",)
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="Event")
    def label(self, event: SigningEvent) -> str:
        return event.source_code.label

    @display(description="Local")
    def local(self, event: SigningEvent) -> str:
        return str(event.source_code.local or "")

    @display(description="On", boolean=True)
    def is_on(self, event: SigningEvent) -> bool:
        return event.is_live

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        form = EventForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                event = self._create(request, form.cleaned_data)
            except events.EndsTooLate:
                form.add_error("ends_at", "An event ends in the future, within 31 days.")
            else:
                return see_other("admin:petitions_signingevent_change", event.pk)
        return self._page(request, "new", "A signing event", status=422 if form.errors else 200, form=form)

    def _create(self, request: HttpRequest, data: dict[str, Any]) -> SigningEvent:
        return events.create_event(
            local=data["local"],
            label=data["label"],
            path=data["petition"].get_absolute_url(),
            ends_at=data["ends_at"],
            by=staff_of(request),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        event = get_object_or_404(SigningEvent.objects.select_related("source_code__local"), pk=object_id)
        if request.method == "POST" and self.has_add_permission(request):
            if not events.end_event(event=event, by=staff_of(request)):
                messages.warning(request, "The event is over already.")
            return see_other("admin:petitions_signingevent_change", event.pk)
        link = events.link_of(event)
        return self._page(
            request, "event", event.source_code.label, event=event, link=link, qr=sheets.qr_code(link),
            may_end=self.has_add_permission(request) and event.is_live,
        )  # fmt: skip

    def _page(self, request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return render(request, f"admin/petitions/signingevent/{name}.html", whole, status=status)


@admin.register(AllowedNetwork)
class AllowedNetworkAdmin(ModelAdmin):
    """Networks of halls and call floors, local by local."""

    list_display = ("network", "label", "local", "created_at")
    list_select_related = ("local",)
    search_fields = ("label", "local__number")
    autocomplete_fields = ("local",)
    fields = ("local", "network", "label")
    ordering = ("label",)
