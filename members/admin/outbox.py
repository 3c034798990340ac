"""The outbox and what the mail service said: to be read, so that every letter explains itself."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from csan.lib.addresses import email_key
from csan.lib.staff import ReadOnlyAdmin, ShortPaginator, staff_of
from members import outbox
from members.models import MailEvent, Message

FOUND = 1000  # letters to one address, at most


class MailEventInline(admin.TabularInline[MailEvent, Message]):
    """What the mail service told about the letter."""

    model = MailEvent
    fields = ("kind", "reject_reason", "description", "happened_at", "received_at")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Each letter: to whom, what became of it, why."""

    list_display = ("key", "to", "lane", "status", "delivery", "reason", "created_at", "settled_at")
    list_filter = ("status", "lane", "delivery", "issue")
    search_fields = ("to", "key")
    search_help_text = "A whole address, or how a letter's key begins."
    exclude = ("context",)  # it holds private links, which are the reader's alone
    inlines = (MailEventInline,)
    list_per_page = 50
    actions = ("take_as_sent", "send_again")
    show_full_result_count = False
    paginator = ShortPaginator

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """An issue's letters are those of its lane, which is what the indexes of millions hang on."""
        letters = super().get_queryset(request)
        return letters.filter(lane=Message.Lane.BULK) if "issue__id__exact" in request.GET else letters

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest first; among an issue's letters of one state in the order in which an index has them."""
        status = request.GET.get("status__exact")
        if "issue__id__exact" not in request.GET or not status:
            return ("-pk",)
        return ("-available_at", "-pk") if status == Message.Status.QUEUED else ("-settled_at", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Message], search_term: str
    ) -> tuple[QuerySet[Message], bool]:
        """A whole address, or how a letter's key begins: both are found by an index among millions."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" not in term:
            return queryset.filter(key__startswith=term), False
        mailbox = email_key(term)
        awaited = Message.objects.filter(lane=Message.Lane.TRANSACTIONAL, email_key=mailbox)
        issues = Message.objects.filter(subscription__person__email_key=mailbox)
        found = [pk for letters in (awaited, issues) for pk in letters.values_list("pk", flat=True)[:FOUND]]
        return queryset.filter(pk__in=found), False

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Who may decide about letters in doubt: whoever may change issues."""
        return bool(request.user.has_perm("members.change_issue"))

    @admin.action(description="Uncertain letters: take as sent", permissions=["settle"])
    def take_as_sent(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """The mail service's own log shows them: they went."""
        count = outbox.resolve_uncertain(letters=queryset, by=staff_of(request), send_again=False)
        self.message_user(request, f"{count} uncertain letters are now taken as sent.")

    @admin.action(description="Uncertain letters: send again", permissions=["settle"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """They surely did not go."""
        count = outbox.resolve_uncertain(letters=queryset, by=staff_of(request), send_again=True)
        self.message_user(request, f"{count} uncertain letters will be sent again.")


@admin.register(MailEvent)
class MailEventAdmin(ReadOnlyAdmin):
    """Everything the mail service told us, as it came."""

    list_display = ("received_at", "service", "kind", "reject_reason", "message")
    list_filter = ("kind", "service", "reject_reason")
    list_select_related = ("message",)
    ordering = ("-pk",)
