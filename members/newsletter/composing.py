"""Putting an issue together: sections, and items in them."""

from django.db import transaction
from django.db.models import Max

from members.models import Issue, IssueItem, Post, Section

SECTION_OF = {
    Post.Kind.ACTION: Section.Kind.ACTIONS,
    Post.Kind.BARGAINING: Section.Kind.BARGAINING,
    Post.Kind.STORY: Section.Kind.STORIES,
}


@transaction.atomic
def add_post(*, issue: Issue, post: Post) -> IssueItem:
    """Put a post at the end of the section of its kind, which is made if need be. One that is there stays as it is."""
    known = issue.items.filter(post=post).first()
    if known is not None:
        return known
    section = section_of_kind(issue, SECTION_OF[Post.Kind(post.kind)])
    last = section.items.aggregate(last=Max("position"))["last"]
    return IssueItem.objects.create(issue=issue, section=section, post=post, position=0 if last is None else last + 1)


def section_of_kind(issue: Issue, kind: str) -> Section:
    """The issue's first section of a kind; made at the end where there is none."""
    known = issue.sections.filter(kind=kind).order_by("position", "pk").first()
    if known is not None:
        return known
    last = issue.sections.aggregate(last=Max("position"))["last"]
    return Section.objects.create(issue=issue, kind=kind, position=0 if last is None else last + 1)
