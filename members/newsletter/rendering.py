"""An issue as a letter: in each language and variant rendered once; and what it says, as one digest."""

import json
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from csan.lib import audit
from csan.lib.mail import BrokenMarkup, BrokenSkeleton, common_values, render_parts
from csan.lib.mail.skeleton import fill_text, hole
from csan.lib.urls import absolute
from members import outbox
from members.models import Issue, Rendition
from members.newsletter import audiences
from members.newsletter.contents import Contents, following_issue_on, gather, items_of, languages


class Unsendable(Exception):
    """The issue's words cannot be made into a letter; the text says why."""


def render(issue: Issue, language: str, variant: str = "") -> Rendition:
    """The issue's words in a language, not saved. Each person's key is a hole in its links.

    Without a variant it has everything, also what only some would see.
    """
    variant = variant or audiences.everything(issue, items_of(issue))
    contents = gather(issue, language=language, variant=variant)
    return compose(issue=issue, contents=contents, variant=variant, next_issue_on=following_issue_on(issue))


def compose(*, issue: Issue, contents: Contents, variant: str = "0", next_issue_on: date | None = None) -> Rendition:
    """A letter of these contents, in their language; nothing is saved. Raises Unsendable."""
    language = contents.language
    with translation.override(language):
        context = {
            **common_values(language),
            "issue": issue,
            "subject": contents.headline,
            "intro": contents.opening,
            "parts": contents.parts,
            "next_issue_on": next_issue_on,
            "base_url": settings.BASE_URL,
            "browser_url": absolute(reverse("members:issue", args=[issue.number])),
            "unsubscribe_url": absolute(reverse("members:unsubscribe", args=[hole("key")])),
            "preferences_url": absolute(reverse("members:preferences", args=[hole("key")])),
        }
        try:
            text, html = render_parts("members/issue", context)
        except BrokenMarkup as error:
            raise Unsendable(str(error)) from error
        return Rendition(
            issue=issue,
            language=language,
            variant=variant,
            revision=issue.revision,
            subject=contents.subject,
            text=text,
            html=html,
            contents=contents.as_data(),
        )


def digest_of(issue: Issue) -> str:
    """Of everything the issue would say to anybody, and to whom: two that are equal are the same issue."""
    items = items_of(issue)
    variant = audiences.everything(issue, items)
    said = [gather(issue, language=language, variant=variant).as_data() for language in languages()]
    to_whom = [(item.pk, item.audience, item.audience_of) for item in items]
    return sha256(json.dumps([said, to_whom], sort_keys=True).encode()).hexdigest()


def words_of(issue: Issue) -> dict[str, str]:
    """The whole issue as plain text, by language: what an approver reads, and what differences are taken from."""
    return {language: fill_text(render(issue, language).text, {"key": "…"}) for language in languages()}


@transaction.atomic
def send_test(*, issue: Issue, by: User, language: str = "en", variant: str = "") -> None:
    """The issue as it stands, to the person at the keyboard, through the same outbox as all. Raises Unsendable."""
    rendition = render(issue, language, variant)
    rendition.is_test = True
    rendition.digest = digest_of(issue)
    rendition.subject = f"[Test] {rendition.subject}"
    rendition.save()
    check_skeleton(rendition)
    outbox.enqueue_rendition(key=f"issue:{issue.pk}:test:{rendition.pk}", rendition=rendition, to=by.email)
    audit.record(by=by, objects=[issue], did="Sent a test")


def check_skeleton(rendition: Rendition) -> None:
    """See that a saved rendition can be made into letters. Raises Unsendable."""
    try:
        outbox.skeleton_of(rendition.pk)
    except BrokenSkeleton as error:
        raise Unsendable(str(error)) from error
