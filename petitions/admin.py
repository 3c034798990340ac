"""The staff pages of the petitions app: petitions with their texts, signatures, measures."""

from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.text import Truncator
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from csan.lib import audit, csv
from csan.lib.staff import ReadOnlyAdmin, staff_of
from petitions import publishing, signing, stories
from petitions.models import Measure, MeasureEvent, Petition, PetitionPoint, PetitionVersion, Signature

STATUS_COLOURS = {
    Signature.Status.PENDING: "info",
    Signature.Status.CONFIRMED: "success",
    Signature.Status.WITHDRAWN: "warning",
    Signature.Status.INVALID: "danger",
}
EXPORTED = (
    "email", "given_name", "family_name", "zip_code", "local", "comment", "show_name", "language", "status",
    "suspicion", "source", "created_at", "confirmed_at", "state",
)  # fmt: skip


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


class PointInline(StackedInline):
    """The things the bill says, as cards on the petition's page."""

    model = PetitionPoint
    extra = 0
    fields = ("position", "icon", "title", "text", "title_es", "text_es")
    ordering = ("position",)


@admin.register(Petition)
class PetitionAdmin(ModelAdmin):
    """Petitions: goal, dates, measures, texts. The count is exact and never edited."""

    list_display = ("slug", "count", "goal", "opens_at", "closes_at")
    search_fields = ("slug", "versions__title")
    fields = ("slug", "goal", "opens_at", "closes_at", "measures", "count")
    autocomplete_fields = ("measures",)
    inlines = (DraftInline, PublishedInline, PointInline)
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
            if formset.model is PetitionVersion and each.number is None:
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

    list_display = (
        "__str__", "email", "zip_code", "state", "status_label", "petition", "comment_begins", "is_shown", "suspicion",
        "created_at",
    )  # fmt: skip
    list_filter = (
        "status", "petition", ("comment", admin.EmptyFieldListFilter),
        ("story_shown_at", admin.EmptyFieldListFilter), "language", "suspicion",
    )  # fmt: skip
    list_select_related = ("petition",)
    search_fields = ("email", "given_name", "family_name", "zip_code")
    fields = (
        "petition", "version", "email", "given_name", "family_name", "zip_code", "state", "local", "comment",
        "show_name", "story_shown_at", "wants_newsletter", "newsletter_wording", "language", "source", "suspicion",
        "status", "created_at", "asked_at", "confirmed_at", "withdrawn_at", "letters_sent",
    )  # fmt: skip
    ordering = ("-pk",)
    actions = ("show_story", "hide_story", "invalidate", "reinstate", "export")
    show_full_result_count = False

    @display(description="Status", label=STATUS_COLOURS)
    def status_label(self, signature: Signature) -> tuple[str, str]:
        return signature.status, signature.get_status_display()

    @display(description="Comment")
    def comment_begins(self, signature: Signature) -> str:
        return Truncator(signature.comment).chars(60)

    @display(description="Shown", boolean=True)
    def is_shown(self, signature: Signature) -> bool:
        return signature.is_story

    def has_story_permission(self, request: HttpRequest) -> bool:
        """Who may say which comments the public reads."""
        return bool(request.user.has_perm("petitions.show_story"))

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Who may say which signatures count."""
        return bool(request.user.has_perm("petitions.review_signature"))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may take names and addresses out of the program."""
        return bool(request.user.has_perm("petitions.export_signature"))

    @admin.action(description="Show the comment on the petition's page", permissions=["story"])
    def show_story(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        """Confirmed signatures that have one; with the name only where the signer said so."""
        count = stories.show_stories(signatures=queryset, by=staff_of(request))
        self.message_user(request, f"{count} comments are shown now.")

    @admin.action(description="Stop showing the comment", permissions=["story"])
    def hide_story(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        """They leave the page within a minute."""
        count = stories.hide_stories(signatures=queryset, by=staff_of(request))
        self.message_user(request, f"{count} comments are no longer shown.")

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
