"""The staff pages of signatures: written by their signers, reviewed by staff, never edited."""

from itertools import chain
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.decorators import display

from csan.lib import audit, csv
from csan.lib.staff import ReadOnlyAdmin, ShortPaginator, staff_of
from petitions import counting, erasing, signing, stories
from petitions.admin import signature_search
from petitions.models import Dimension, Petition, Signature, Tally

STATUS_COLOURS = {
    Signature.Status.PENDING: "info",
    Signature.Status.CONFIRMED: "success",
    Signature.Status.WITHDRAWN: "warning",
    Signature.Status.INVALID: "danger",
}
SOURCES_TO_FILTER_BY = 20
EXPORTED = (
    "email", "given_name", "family_name", "zip_code", "local", "comment", "show_name", "language", "status",
    "suspicion", "source", "created_at", "confirmed_at", "state",
)  # fmt: skip


class SuspicionFilter(admin.SimpleListFilter):
    """Named here: to ask the table which scores there are would read all of it."""

    title = "suspicion"
    parameter_name = "suspicion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("0", "0"), ("1", "1")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        chosen = self.value()
        return queryset.filter(suspicion=int(chosen)) if chosen in ("0", "1") else queryset


class SourceFilter(admin.SimpleListFilter):
    """By the code that brought them, the busiest first; confirmed ones, which is what the index and the counts hold.

    A signer's own code, of which there are as many as signers, is not offered but can stand in the address.
    """

    title = "source code (confirmed)"
    parameter_name = "source_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        counted = Tally.objects.filter(dimension=Dimension.SOURCE).exclude(value__in=["", counting.FRIENDS])
        codes = counted.values("value").annotate(signers=Sum("count")).order_by("-signers", "value")
        found = [row["value"] for row in codes[:SOURCES_TO_FILTER_BY]]
        chosen = self.value_in(request)
        return [(code, code) for code in (found if not chosen or chosen in found else [*found, chosen])]

    def value_in(self, request: HttpRequest) -> str:
        return request.GET.get(self.parameter_name, "")

    def queryset(self, request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        code = self.value()
        if not code:
            return queryset
        return queryset.filter(status=Signature.Status.CONFIRMED, source_code=code).exclude(source_code="")


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    """Signatures: written by their signers, reviewed by staff, never edited."""

    list_display = (
        "__str__", "email", "zip_code", "state", "status_label", "petition", "comment_begins", "is_shown", "suspicion",
        "created_at",
    )  # fmt: skip
    list_filter = (
        "status", "petition", ("comment", admin.EmptyFieldListFilter),
        ("story_shown_at", admin.EmptyFieldListFilter), "language", SuspicionFilter, SourceFilter,
        ("state", admin.EmptyFieldListFilter), "district_how",
    )  # fmt: skip
    list_select_related = ("petition",)
    search_fields = ("email", "family_name", "zip_code")
    search_help_text = signature_search.HELP
    fields = (
        "petition", "version", "email", "given_name", "family_name", "zip_code", "state", "district",
        "district_how", "local", "known_local", "comment", "show_name", "shown_as", "story_shown_at", "story_place",
        "wants_newsletter", "newsletter_wording", "language", "source", "source_code", "suspicion", "status",
        "taken_by", "created_at", "asked_at", "confirmed_at", "withdrawn_at", "letters_sent", "reminders_sent",
    )  # fmt: skip
    readonly_fields = ("taken_by",)
    ordering = ("-pk",)
    actions = ("show_story", "hide_story", "invalidate", "reinstate", "export", "erase")
    show_full_result_count = False
    paginator = ShortPaginator
    list_per_page = 50

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        """By what an index finds; see `petitions.admin.signature_search`."""
        return (signature_search.find(queryset, search_term) if search_term.strip() else queryset), False

    @display(description="Status", label=STATUS_COLOURS)
    def status_label(self, signature: Signature) -> tuple[str, str]:
        return signature.status, signature.get_status_display()

    @display(description="Comment")
    def comment_begins(self, signature: Signature) -> str:
        return Truncator(signature.comment).chars(60)

    @display(description="Shown", boolean=True)
    def is_shown(self, signature: Signature) -> bool:
        return signature.is_story

    @display(description="Set aside by")
    def taken_by(self, signature: Signature) -> SafeString | str:
        """The job that holds it, with the way to its page."""
        held = signature.takings.filter(released_at=None).select_related("job").first()
        if held is None:
            return "–"
        address = reverse("admin:petitions_invalidation_change", args=[held.job_id])
        return format_html('<a href="{}">{}</a>', address, held.job)

    def has_story_permission(self, request: HttpRequest) -> bool:
        """Who may say which comments the public reads."""
        return bool(request.user.has_perm("petitions.show_story"))

    def has_review_permission(self, request: HttpRequest) -> bool:
        """Who may say which signatures count."""
        return bool(request.user.has_perm("petitions.review_signature"))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may take names and addresses out of the program."""
        return bool(request.user.has_perm("petitions.export_signature"))

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Who may erase: whoever could delete signatures, if they could be."""
        return bool(request.user.has_perm("petitions.delete_signature"))

    @admin.action(
        description="Erase the signer for good; what counts stays a number (recorded)", permissions=["erase"]
    )
    def erase(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        """Signers who asked for it by letter. With their link they can do the same by themselves."""
        chosen = list(queryset)
        count = sum(erasing.erase_signature(signature=each, by=staff_of(request)) for each in chosen)
        self.message_user(request, f"{count} signers erased.")

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
