"""What staff do to a registration's private link."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from campaigns.models import Registration
from campaigns.private_page import relinking
from csan.lib.staff import staff_of


class LinkActions:
    """Of a registration's admin: who else has a link, and the actions. The keys are nobody's to read."""

    @display(description="Colleagues with a link")
    def linked_colleagues(self, registration: Registration) -> SafeString:
        rows = registration.colleagues.filter(removed_at=None).order_by("pk")
        return format_html_join(
            "", "{}, {} ({})<br>", ((row.name, row.role or "colleague", row.email) for row in rows)
        )

    @action(description="Send the private link again", permissions=["change"])
    def send_links(self: Any, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """The same link, to the contact; once in ten minutes."""
        count = relinking.send_links_again(registrations=queryset, by=staff_of(request))
        self.message_user(request, "1 link sent." if count == 1 else f"{count} links sent.")

    @action(description="Replace the private link (the old one dies)", permissions=["change"])
    def replace_links(self: Any, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """The contact gets a new one by letter."""
        count = relinking.replace_links(registrations=queryset, by=staff_of(request))
        self.message_user(request, "1 link replaced." if count == 1 else f"{count} links replaced.")
