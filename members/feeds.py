"""The newsletter and the news as Atom feeds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from csan.lib import rich
from csan.lib.text import to_html
from csan.lib.urls import absolute
from members import newsletter
from members.models import Correction, Issue, Post

SHOWN = 20  # entries, the newest
MAX_AGE = 900  # seconds that readers' programs may keep a feed


class OwnFeed(Feed[Any, None]):
    """An Atom feed in the reader's language, with full addresses that begin with `BASE_URL`."""

    feed_type = Atom1Feed

    def author_name(self) -> str:
        """Who answers for it, and for what has no author of its own (RFC 4287 asks for one)."""
        return str(settings.SITE_NAME)

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        return response

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        return None

    def feed_url(self) -> str:
        raise NotImplementedError

    def feed_guid(self) -> str:
        return self.feed_url()

    def item_link(self, item: Any) -> str:
        return absolute(item.get_absolute_url())


@dataclass(frozen=True)
class IssueEntry:
    """An issue, and what the archive shows of it."""

    issue: Issue
    contents: newsletter.Contents

    @property
    def corrections(self) -> list[Correction]:
        """The newest first."""
        return sorted(self.issue.corrections.all(), key=lambda each: each.revision, reverse=True)


class IssueFeed(OwnFeed):
    """The last twenty issues."""

    def title(self) -> str:
        return f"{settings.SITE_NAME}: {gettext('Newsletter')}"

    def link(self) -> str:
        return absolute(reverse("members:archive"))

    def feed_url(self) -> str:
        return absolute(reverse("members:feed"))

    def items(self) -> list[IssueEntry]:
        issues = Issue.objects.public().prefetch_related("corrections")[:SHOWN]
        language = get_language() or "en"
        return [IssueEntry(issue, newsletter.public_contents(issue, language)) for issue in issues]

    def item_link(self, item: IssueEntry) -> str:
        return absolute(item.issue.get_absolute_url())

    def item_title(self, item: IssueEntry) -> SafeString | str:
        return item.contents.subject

    def item_description(self, item: IssueEntry) -> str:
        """What was corrected, and how it begins."""
        label = gettext("Corrected:")
        notes = [rich.of_plain(f"{label} {each.local_note}") for each in item.corrections]
        return "".join([*notes, rich.clean(item.contents.intro)])

    def item_pubdate(self, item: IssueEntry) -> datetime | None:
        return item.issue.frozen_at

    def item_updateddate(self, item: IssueEntry) -> datetime | None:
        return item.corrections[0].corrected_at if item.corrections else item.issue.frozen_at


class PostFeed(OwnFeed):
    """The last twenty posts of every kind."""

    def title(self) -> str:
        return f"{settings.SITE_NAME}: {gettext('News')}"

    subtitle = _("Actions, bargaining updates and stories that members wrote.")

    def link(self) -> str:
        return absolute(reverse("members:news"))

    def feed_url(self) -> str:
        return absolute(reverse("members:news-feed"))

    def items(self) -> list[Post]:
        return list(Post.objects.public().order_by("-published_at")[:SHOWN])

    def item_title(self, item: Post) -> SafeString | str:
        return item.title

    def item_description(self, item: Post) -> str:
        return to_html(item.body)

    def item_author_name(self, item: Post) -> str | None:
        return item.byline or None

    def item_categories(self, item: Post) -> list[str]:
        return [str(item.get_kind_display())]

    def item_pubdate(self, item: Post) -> datetime | None:
        return item.published_at

    item_updateddate = item_pubdate
