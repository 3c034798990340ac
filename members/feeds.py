"""The newsletter as an Atom feed."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from csan.lib.text import to_html
from members.models import Issue


class IssueFeed(Feed[Issue, None]):
    """The last twenty issues."""

    feed_type = Atom1Feed
    title = _("Newsletter")

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        return None

    def link(self) -> str:
        return reverse("members:archive")

    def items(self) -> list[Issue]:
        return list(Issue.objects.public()[:20])

    def item_title(self, item: Issue) -> SafeString | str:
        return item.local_subject

    def item_description(self, item: Issue) -> str:
        return to_html(item.local_intro)

    def item_pubdate(self, item: Issue) -> datetime | None:
        return item.frozen_at
