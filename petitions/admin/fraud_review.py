"""The review queue, and the evidence behind it: for those of the staff who may look at it, and nobody else."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from csan.lib.staff import ReadOnlyAdmin, ShortPaginator, staff_of
from petitions.fraud import reviewing, rules
from petitions.fraud.networks import AGENTS, IS_HASH
from petitions.models import SignatureEvidence, SignatureScore, SigningEvent

DECIDED = {"": "warning", "fine": "success", "set-aside": "danger"}
MAY = "petitions.review_fraud"
EVENTS_TO_FILTER_BY = 20


class ReviewersAdmin(ReadOnlyAdmin):
    """Pages that need the permission to review fraud, to be read as to act."""

    paginator = ShortPaginator
    list_per_page = 50
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.has_perm(MAY))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


class WaitingFilter(admin.SimpleListFilter):
    """What nobody has decided about, unless something else is asked for."""

    title = "decision"
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "waiting"), *SignatureScore.Decision.choices, ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        for choice in list(super().choices(changelist))[1:]:
            yield {
                **choice,
                "selected": choice["selected"] or (self.value() is None and choice["display"] == "waiting"),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[SignatureScore]) -> QuerySet[SignatureScore]:
        asked = self.value() or "waiting"
        if asked == "all":
            return queryset
        return queryset.filter(decision="" if asked == "waiting" else asked)


class RuleFilter(admin.SimpleListFilter):
    """By the rule that spoke."""

    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in rules.RULES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SignatureScore]) -> QuerySet[SignatureScore]:
        return queryset.filter(reasons__contains=[{"rule": self.value()}]) if self.value() else queryset


class AgentFilter(admin.SimpleListFilter):
    """By the browser's family. Named here: to ask the table which there are would read all of it."""

    title = "browser"
    parameter_name = "agent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name, _pattern in AGENTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SignatureEvidence]) -> QuerySet[SignatureEvidence]:
        return queryset.filter(agent=self.value()) if self.value() else queryset


class EventFilter(admin.SimpleListFilter):
    """By the event whose signed link brought them, as the table of events has them."""

    title = "event"
    parameter_name = "event_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        newest = SigningEvent.objects.order_by("-pk").values_list("source_code__code", flat=True)
        return [(code, code) for code in newest[:EVENTS_TO_FILTER_BY]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SignatureEvidence]) -> QuerySet[SignatureEvidence]:
        return queryset.filter(event_code=self.value()) if self.value() else queryset


@admin.register(SignatureScore)
class SignatureScoreAdmin(ReviewersAdmin):
    """Signatures that something speaks against, the highest score first. They count until somebody decides."""

    list_display = ("signer", "score", "rules", "mailbox", "petition", "status", "decision_label", "scored_at")
    list_filter = (WaitingFilter, "petition", RuleFilter)
    list_select_related = ("signature", "petition", "decided_by")
    search_fields = ("=signature__email", "=signature__family_name", "=signature__zip_code")
    fields = (
        "signer", "mailbox", "petition", "status", "score", "why", "came_with", "decision_label", "decided_by",
        "decided_at",
    )  # fmt: skip
    readonly_fields = fields
    ordering = ("-score", "-pk")
    actions = ("find_fine", "set_aside")

    @display(description="Signature")
    def signer(self, score: SignatureScore) -> str:
        return str(score.signature)

    @display(description="E-mail")
    def mailbox(self, score: SignatureScore) -> str:
        return score.signature.email

    @display(description="Status")
    def status(self, score: SignatureScore) -> str:
        return score.signature.get_status_display()

    @display(description="Reasons")
    def rules(self, score: SignatureScore) -> str:
        """The rules in a word each; their sentences stand on the signature's own page."""
        return ", ".join(each["rule"] for each in score.reasons)

    @display(description="What speaks against it")
    def why(self, score: SignatureScore) -> SafeString:
        return format_html(
            "<ul>{}</ul>",
            format_html_join("", "<li>{} (+{})</li>", ((each["words"], each["points"]) for each in score.reasons)),
        )

    @display(description="Decision", label=DECIDED)
    def decision_label(self, score: SignatureScore) -> tuple[str, str]:
        return score.decision, score.get_decision_display() or "waiting"

    @display(description="Came with")
    def came_with(self, score: SignatureScore) -> SafeString | str:
        row = SignatureEvidence.objects.filter(pk=score.pk).first()
        if row is None:
            return "nothing is kept"
        said = (
            ("network address", row.address or "erased"),
            ("address hash", row.address_hash),
            ("network hash", row.network_hash),
            ("confirmed from", row.confirm_address or row.confirm_network_hash or "not confirmed"),
            ("seconds", "unknown" if row.seconds is None else row.seconds),
            ("browser", row.agent or "unknown"),
            ("event", row.event_code or "none"),
            ("signed again", row.repeats),
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", said))

    def has_review_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.action(description="Fine: a person's own signature", permissions=["review"])
    def find_fine(self, request: HttpRequest, queryset: QuerySet[SignatureScore]) -> None:
        count = reviewing.find_fine(scores=queryset, by=staff_of(request))
        self.message_user(request, f"{count} signatures are fine.")

    @admin.action(description="Set aside: not a person's own signature", permissions=["review"])
    def set_aside(self, request: HttpRequest, queryset: QuerySet[SignatureScore]) -> None:
        """They leave the public count at once."""
        count = reviewing.set_aside(scores=queryset, by=staff_of(request))
        self.message_user(request, f"{count} signatures set aside.")


@admin.register(SignatureEvidence)
class SignatureEvidenceAdmin(ReviewersAdmin):
    """What signatures came with. Reached from the fraud desk, which knows the hour to look at."""

    list_display = (
        "signer",
        "mail_domain",
        "shown_address",
        "network_hash",
        "seconds",
        "agent",
        "event_code",
        "signed_at",
    )
    list_filter = ("petition", AgentFilter, EventFilter)
    list_select_related = ("signature",)
    search_fields = ("mail_domain", "network_hash", "address_hash")
    search_help_text = "A mail domain, or the hash of a network or an address."
    fields = (
        "signer", "petition", "signed_at", "address", "address_hash", "network_hash", "confirm_address",
        "confirm_address_hash", "confirm_network_hash", "mail_domain", "seconds", "agent", "event_code", "repeats",
    )  # fmt: skip
    readonly_fields = fields
    ordering = ("-pk",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SignatureEvidence], search_term: str
    ) -> tuple[QuerySet[SignatureEvidence], bool]:
        """Whole values, as they are kept: what the index tells apart. Two columns at once it does not."""
        term = search_term.strip().lower()
        if not term:
            return queryset, False
        if not IS_HASH.fullmatch(term):
            return queryset.filter(mail_domain=term), False
        rows = SignatureEvidence.objects.values_list("pk", flat=True)
        by_network, by_address = rows.filter(network_hash=term), rows.filter(address_hash=term)
        found = [*by_network[: ShortPaginator.MOST], *by_address[: ShortPaginator.MOST]]
        return queryset.filter(pk__in=found), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """What the links of the desk ask for."""
        own = ("mail_domain", "network_hash", "signed_at__gte", "signed_at__lt")
        return lookup in own or super().lookup_allowed(lookup, value, request)

    @display(description="Signature")
    def signer(self, row: SignatureEvidence) -> SafeString:
        address = reverse("admin:petitions_signature_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row.signature)

    @display(description="Network address")
    def shown_address(self, row: SignatureEvidence) -> str:
        return row.address or "erased"


def evidence_link(**asked: Any) -> str:
    """The list of evidence, narrowed down."""
    return f"{reverse('admin:petitions_signatureevidence_changelist')}?{urlencode(asked)}"
