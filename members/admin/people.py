"""People, their subscriptions, locals, and the addresses nobody may write to."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from unfold.admin import ModelAdmin
from unfold.decorators import action

from csan.lib.addresses import InvalidAddress, email_key, normalise
from csan.lib.pages import see_other
from csan.lib.staff import ReadOnlyAdmin, ShortPaginator, staff_of
from members import erasing, subscriptions
from members.models import Local, MailDomain, Person, Subscription, Suppression
from members.models.people import LANGUAGE_CHOICES

MOST_ERASED = 100  # people at once; who erases more would not read whom


@admin.register(Local)
class LocalAdmin(ModelAdmin):
    """The directory of locals."""

    list_display = ("__str__", "district", "city", "state", "size", "is_on_leaderboard")
    list_filter = ("district", "state", "affiliate", "is_on_leaderboard")
    search_fields = ("number", "name", "city")
    ordering = ("affiliate", "number")
    list_per_page = 50


@admin.register(Person)
class PersonAdmin(ModelAdmin):
    """People we know. The address is theirs: it is changed by them, through a letter, not here."""

    list_display = ("__str__", "email", "local", "language", "email_verified_at")
    list_filter = ("language", ("email_verified_at", admin.EmptyFieldListFilter))
    list_select_related = ("local",)
    search_fields = ("email", "given_name", "family_name", "local_as_written")
    search_help_text = "A whole e-mail address is found at once. Other words are looked for in everybody's names."
    autocomplete_fields = ("local",)
    readonly_fields = ("email", "email_verified_at", "created_at")
    ordering = ("-pk",)
    actions = ("erase",)
    show_full_result_count = False
    paginator = ShortPaginator

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """A whole address is looked up by its key, at once among millions; other words are searched for."""
        try:
            key = email_key(normalise(search_term))
        except InvalidAddress:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(email_key=key), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """People are erased, not deleted: else their letters would keep the address."""
        return False

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Who may erase: whoever may delete people."""
        return bool(request.user.has_perm("members.delete_person"))

    @admin.action(description="Erase for good: all but a hash of the mailbox (recorded)", permissions=["erase"])
    def erase(self, request: HttpRequest, queryset: QuerySet[Person]) -> HttpResponse | None:
        """People who asked for it by letter. With their link they can do the same by themselves."""
        people = list(queryset[: MOST_ERASED + 1])
        if len(people) > MOST_ERASED:
            words = f"At most {MOST_ERASED} people are erased at once. Nobody was."
            self.message_user(request, words, messages.WARNING)
            return None
        if request.POST.get("is_confirmed") != "yes":
            shown = {"title": "Erase for good?", "opts": self.opts, "people": people, "toll": erasing.toll_of(people)}
            context = {**self.admin_site.each_context(request), **shown}
            return render(request, "admin/members/person/erase.html", context)
        count = sum(erasing.erase_person(pk=person.pk, by=staff_of(request)) for person in people)
        self.message_user(request, f"{count} {'person' if count == 1 else 'people'} erased.")
        return None


class DisposableFilter(admin.SimpleListFilter):
    """Those whose mailbox is probably gone by now."""

    title = "mailbox"
    parameter_name = "mailbox"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("disposable", "Disposable"), ("lasting", "Not disposable")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = {"disposable": True, "lasting": False}.get(str(self.value()))
        return queryset if wanted is None else queryset.filter(is_disposable=wanted)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Who said yes to what and when, the evidence that we may write to them; and why those who left did."""

    list_display = (
        "person",
        "status",
        "disposable",
        "asked_at",
        "confirmed_at",
        "unsubscribed_at",
        "leaving_reason",
        "source",
    )
    list_filter = ("status", "leaving_reason", DisposableFilter, "person__language")
    fieldsets = (
        (None, {"fields": ("person", "status", "disposable")}),
        ("What they agreed to", {"fields": ("wording", "wording_language", "source", "asked_at")}),
        ("What came of it", {"fields": ("reminded_at", "confirmed_at", "unsubscribed_at")}),
        ("Why they left", {"fields": ("leaving_reason", "leaving_words")}),
    )
    readonly_fields = ("disposable", "wording_language")
    list_select_related = ("person",)
    search_fields = ("person__email", "person__given_name", "person__family_name")
    ordering = ("-pk",)
    actions_list = ("export",)

    @action(description="Export", permissions=["export"], url_path="export", icon="download")
    def export(self, request: HttpRequest) -> HttpResponse:
        """To the page on which a file is asked for; a worker makes it."""
        return see_other("admin:members_subscriberexport_add")

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Who may have a file of subscribers made."""
        return bool(request.user.has_perm("members.add_subscriberexport"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        thrown_away = MailDomain.objects.disposable().of(OuterRef("person__email"))
        return super().get_queryset(request).annotate(is_disposable=Exists(thrown_away))

    @admin.display(description="Disposable mailbox", boolean=True)
    def disposable(self, subscription: Any) -> bool:
        """A mark for staff only; the visitor is not told, and nobody is refused for it."""
        return bool(subscription.is_disposable)

    @admin.display(description="Language of the sentence")
    def wording_language(self, subscription: Subscription) -> str:
        """In which language the sentence stood on the page."""
        return str(dict(LANGUAGE_CHOICES)[subscription.said.language])


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Mailboxes nobody may write to. Searching for an address finds its hash."""

    list_display = ("email_key", "reason", "created_at")
    list_filter = ("reason",)
    search_fields = ("email_key",)
    search_help_text = "An e-mail address, or the beginning of its hash."
    ordering = ("-pk",)
    actions = ("lift",)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        """Who may lift: whoever may delete suppressions."""
        return bool(request.user.has_perm("members.delete_suppression"))

    @admin.action(description="Lift: letters may go there again", permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        """A mailbox that was only full, or a person who asked to be written to again."""
        count = subscriptions.lift_suppressions(suppressions=queryset, by=staff_of(request))
        self.message_user(request, f"{count} suppressions lifted.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        term = email_key(search_term) if "@" in search_term else search_term
        return super().get_search_results(request, queryset, term)
