"""Posts: write, publish."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from csan.lib.staff import staff_of
from members import posting
from members.models import Post


@admin.register(Post)
class PostAdmin(ModelAdmin):
    """News: what waits for publication stands first."""

    list_display = ("title", "kind", "status", "starts_at", "employer", "byline", "published_at")
    list_filter = ("status", "kind")
    search_fields = ("title", "body", "byline", "employer")
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012 - Django's own form
    readonly_fields = ("status", "published_at")
    autocomplete_fields = ("picture",)
    ordering = ("-pk",)
    actions = ("publish",)

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Post]) -> None:
        """Show the chosen posts on the site."""
        count = posting.publish(posts=queryset, by=staff_of(request))
        self.message_user(request, f"{count} posts published.")
