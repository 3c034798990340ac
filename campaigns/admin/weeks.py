"""Campaign pages and Weeks of Action."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.decorators import display

from campaigns import toolkits
from campaigns.admin.after_action import AfterActionPages
from campaigns.admin.items import KitRuleInline
from campaigns.admin.next_year import NextYear
from campaigns.models import Box, Campaign, Registration, ToolkitItem, WeekOfAction, WeekPhoto, WeekTask
from csan.lib.staff import NamedFields


@admin.register(Campaign)
class CampaignAdmin(ModelAdmin):
    """Cards on the home page, in their order."""

    list_display = ("title", "position", "hashtag", "action_path", "published_at")
    search_fields = ("title", "summary", "body")
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    autocomplete_fields = ("picture",)
    ordering = ("position", "pk")
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "body", "hashtag")}),
        ("Its one number", {"fields": ("figure", "figure_label", "figure_source_url")}),
        ("What to do", {"fields": ("action_label", "action_path")}),
        ("How it looks", {"fields": ("illustration", "picture")}),
        ("On the site", {"fields": ("position", "published_at")}),
        ("Spanish", {"fields": ("title_es", "summary_es", "body_es", "figure_label_es", "action_label_es")}),
    )


class WeekTaskInline(StackedInline):
    """What the week asks of each local."""

    model = WeekTask
    extra = 0
    fields = ("title", "code", "description", "position", "day", "title_es", "description_es")
    prepopulated_fields: ClassVar = {"code": ("title",)}
    ordering = ("position", "pk")


class ToolkitItemInline(StackedInline):
    """What helps a local: pages of this site, and files."""

    model = ToolkitItem
    extra = 0
    fields = ("kind", "title", "text", "path", "file", "position", "title_es", "text_es")
    ordering = ("position", "pk")


class WeekPhotoInline(NamedFields, TabularInline):
    """What the week looked like; the next week's page shows it until it has photos of its own."""

    model = WeekPhoto
    extra = 0
    fields = ("picture", "caption", "caption_es", "position")
    autocomplete_fields = ("picture",)
    ordering = ("position", "pk")


@admin.register(WeekOfAction)
class WeekOfActionAdmin(AfterActionPages, NextYear):
    """Each year's week, and how far it is: who registered, how many members, how many boxes have left."""

    list_display = (
        "year",
        "theme",
        "starts_on",
        "register_by",
        "waiting",
        "approved",
        "members",
        "boxes_left",
        "published_at",
    )
    search_fields = ("year", "theme")
    ordering = ("-year",)
    inlines = (WeekTaskInline, ToolkitItemInline, WeekPhotoInline, KitRuleInline)
    autocomplete_fields = ("picture",)
    actions_detail: tuple[str, ...] = (*NextYear.actions_detail, *AfterActionPages.actions_detail)
    readonly_fields = ("per_member",)
    fieldsets = (
        (None, {"fields": ("year", "theme", "intro", "hashtag", "box_contents", "published_at")}),
        ("How it looks", {"fields": ("illustration", "picture")}),
        ("Days", {"fields": ("register_by", "freeze_on", "ship_by", "starts_on", "ends_on", "report_by")}),
        ("Cost", {"fields": ("postage_cost", "printing_cost", "other_cost", "per_member")}),
        ("Spanish", {"fields": ("theme_es", "intro_es", "box_contents_es")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[WeekOfAction]:
        # Boxes are counted apart: joined to the registrations they would multiply the other sums.
        left = (
            Box.objects.filter(registration__week=OuterRef("pk"), status__in=Box.UNDER_WAY)
            .order_by()
            .values("registration__week")
            .annotate(count=Count("pk"))
            .values("count")
        )
        counted = WeekOfAction.objects.annotate(
            waiting=Count("registrations", filter=Q(registrations__status=Registration.Status.RECEIVED)),
            approved=Count("registrations", filter=Q(registrations__status=Registration.Status.APPROVED)),
            members=Sum(
                "registrations__members_count", filter=Q(registrations__status=Registration.Status.APPROVED), default=0
            ),
            boxes_left=Coalesce(Subquery(left), 0),
        )
        return counted.order_by("-year")

    def save_model(self, request: HttpRequest, obj: WeekOfAction, form: Any, change: bool) -> None:
        if change and set(form.changed_data) & set(WeekOfAction.DAYS):
            obj.times_moved += 1
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        with toolkits.unused_files_forgotten([form.instance]):
            super().save_formset(request, form, formset, change)

    def delete_model(self, request: HttpRequest, obj: WeekOfAction) -> None:
        with toolkits.unused_files_forgotten([obj]):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WeekOfAction]) -> None:
        with toolkits.unused_files_forgotten(list(queryset)):
            super().delete_queryset(request, queryset)

    @display(description="Waiting", ordering="waiting")
    def waiting(self, week: WeekOfAction) -> int:
        return week.waiting  # type: ignore[attr-defined]  # annotated

    @display(description="Approved", ordering="approved")
    def approved(self, week: WeekOfAction) -> int:
        return week.approved  # type: ignore[attr-defined]  # annotated

    @display(description="Members of approved locals", ordering="members")
    def members(self, week: WeekOfAction) -> int:
        return week.members  # type: ignore[attr-defined]  # annotated

    @display(description="Boxes that left", ordering="boxes_left")
    def boxes_left(self, week: WeekOfAction) -> int:
        return week.boxes_left  # type: ignore[attr-defined]  # annotated
