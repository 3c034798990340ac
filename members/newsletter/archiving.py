"""What the archive shows of issues from before that was kept: kept now, as it stands, for its search to find them."""

import logging

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from members.models import PUBLIC, Issue, Rendition
from members.newsletter.contents import languages
from members.newsletter.correcting import newest
from members.newsletter.rendering import Unsendable, render

logger = logging.getLogger(__name__)

AT_ONCE = 50  # issues; there are few, and the next round takes the others


def unkept() -> QuerySet[Issue]:
    """Issues in the archive of whose newest revision a page in some language is not kept."""
    pages = Rendition.objects.filter(
        issue=OuterRef("pk"), variant=PUBLIC, revision=OuterRef("revision"), is_test=False
    )
    is_whole = Q()
    for language in languages():
        is_whole &= Q(Exists(pages.filter(language=language)))
    return Issue.objects.public().exclude(is_whole)


def keep_old_issues() -> int:
    """Keep what the archive shows of them. How many were kept; one whose words cannot be rendered stays as it is."""
    count = 0
    for issue in unkept()[:AT_ONCE]:
        try:
            count += keep(issue)
        except Unsendable:
            logger.exception("What the archive shows of issue %s cannot be kept", issue.number)
    return count


@transaction.atomic
def keep(issue: Issue) -> int:
    """The archive's page in each language that has none; 1, or 0 where somebody was faster."""
    held = unkept().select_for_update(of=("self",)).filter(pk=issue.pk).first()
    if held is None:
        return 0
    digest = newest(held)  # what readers were sent; to keep a page is no edit
    kept = Rendition.objects.filter(issue=held, variant=PUBLIC, revision=F("issue__revision"), is_test=False)
    known = set(kept.values_list("language", flat=True))
    for language in [each for each in languages() if each not in known]:
        rendition = render(held, language, PUBLIC)
        rendition.digest, rendition.revision = digest, held.revision
        rendition.save()
    return 1
