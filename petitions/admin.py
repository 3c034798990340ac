"""The staff pages of the petitions app: petitions with their texts, signatures, measures."""

from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import display

from csan.lib import audit, csv
from csan.lib.staff import ReadOnlyAdmin, staff_of
from petitions import publishing, signing
from petitions.models import Measure, Petition, PetitionVersion, Signature

STATUS_COLOURS = {
    Signature.Status.PENDING: "info",
    Signature.Status.CONFIRMED: "success",
    Signature.Status.WITHDRAWN: "warning",
    Signature.Status.INVALID: "danger",
}
EXPORTED = (
    "email", "given_name", "family_name", "zip_code", "local", "comment", "show_name", "language", "status",
    "suspicion", "source", "created_at", "confirmed_at",
)  # fmt: skip


@admin.register(Measure)
class MeasureAdmin(ModelAdmin):
    """Bills and resolutions."""

    list_display = ("__str__", "title", "jurisdiction", "companion")
    list_filter = ("congress", "kind")
    list_select_related = ("companion",)
    search_fields = ("title", "number")
    autocomplete_fields = ("companion",)
    ordering = ("-congress", "kind", "number")


class VersionInline(StackedInline):
    """What the two inlines of texts share."""

    model = PetitionVersion
    extra = 0
    fields: tuple[str, ...] = ("title", "ask", "text", "title_es", "ask_es", "text_es")


class DraftInline(VersionInline):
    """The text that is being written; published by the action in the list of petitions."""

    verbose_name_plural = "text in preparation"
    max_num = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionVersion]:
        return super().get_queryset(request).filter(published_at=None)


class PublishedInline(VersionInline):
    """Published texts: people signed these words, so they never change."""

    verbose_name_plural = "published texts"
    fields = ("number", "published_at", *VersionInline.fields)
    readonly_fields = ("number", "published_at")
    ordering = ("-number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[PetitionVersion]:
        return super().get_queryset(request).exclude(published_at=None)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Petition)
class PetitionAdmin(ModelAdmin):
    """Petitions: goal, dates, measures, texts. The count is exact and never edited."""

    list_display = ("slug", "count", "goal", "opens_at", "closes_at")
    search_fields = ("slug", "versions__title")
    fields = ("slug", "goal", "opens_at", "closes_at", "measures", "count")
    autocomplete_fields = ("measures",)
    inlines = (DraftInline, PublishedInline)
    ordering = ("-opens_at",)
    actions = ("publish",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return Petition.objects.counted()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The slug is the page's address: it stands on posters, so it is chosen once."""
        return ("count", "slug") if obj else ("count",)

    @display(description="Signatures")
    def count(self, petition: Petition) -> int:
        return petition.signers if petition.pk else 0

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new text gets its number here; of a petition's texts one at most is new."""
        for each in formset.save(commit=False):
            if each.number is None:
                each.number = publishing.next_number(form.instance)
            each.save()
        for each in formset.deleted_objects:
            each.delete()

    @admin.action(description="Publish the text in preparation", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Petition]) -> None:
        """From now on people sign these words."""
        for petition in queryset:
            try:
                version = publishing.publish_text(petition=petition, by=staff_of(request))
            except publishing.NoDraft:
                messages.warning(request, f"{petition} has no text in preparation.")
            else:
                messages.success(request, f"{petition} now shows version {version.number}.")


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    """Signatures: written by their signers, reviewed by staff, never edited."""

    list_display = ("__str__", "email", "zip_code", "status_label", "petition", "suspicion", "created_at")
    list_filter = ("status", "petition", "language", "suspicion")
    list_select_related = ("petition",)
    search_fields = ("email", "given_name", "family_name", "zip_code")
    fields = (
        "petition", "version", "email", "given_name", "family_name", "zip_code", "local", "comment", "show_name",
        "wants_newsletter", "newsletter_wording", "language", "source", "suspicion", "status", "created_at",
        "asked_at", "confirmed_at", "withdrawn_at", "letters_sent",
    )  # fmt: skip
    ordering = ("-pk",)
    actions = ("invalidate", "reinstate", "export")
    show_full_result_count = False

    @display(description="Status", label=STATUS_COLOURS)
    def status_label(self, signature: Signature) -> tuple[str, str]:
        return signature.status, signature.get_status_display()

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Who may say which signatures count."""
        return bool(request.user.has_perm("petitions.review_signature"))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may take names and addresses out of the program."""
        return bool(request.user.has_perm("petitions.export_signature"))

    @admin.action(description="Set aside: not a person's own signature", permissions=["review"])
    def invalidate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        """They leave the public count at once."""
        count = signing.invalidate_signatures(signatures=queryset, by=staff_of(request))
        self.message_user(request, f"{count} signatures set aside.")

    @admin.action(description="Reinstate what was set aside", permissions=["review"])
    def reinstate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        """Those that had been confirmed count again."""
        count = signing.reinstate_signatures(signatures=queryset, by=staff_of(request))
        self.message_user(request, f"{count} signatures reinstated.")

    @admin.action(description="Export as CSV (recorded)", permissions=["export"])
    def export(self, request: HttpRequest, queryset: QuerySet[Signature]) -> StreamingHttpResponse:
        """The chosen signatures. Who exported how many of which petition goes into the log, at the petition."""
        chosen = queryset.order_by("pk")
        for petition in Petition.objects.filter(pk__in=queryset.order_by().values("petition")):
            rows = queryset.filter(petition=petition).count()
            audit.record(by=staff_of(request), objects=[petition], did="Exported signatures", rows=rows)
        body = chosen.values_list("petition__slug", *EXPORTED).iterator(chunk_size=2000)
        return csv.stream(chain([("petition", *EXPORTED)], body), filename="signatures.csv")
