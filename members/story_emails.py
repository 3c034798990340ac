"""The letters to a member who sent us a story: who gets which, and with what."""

from typing import Any

from csan.lib.urls import absolute_reverse
from members import outbox
from members.models import Issue, Submission


def confirm_story(submission: Submission) -> None:
    """The link behind whose button the story comes to us; to the address that was typed, which may be anybody's."""
    _to_author(submission, "confirm_story", f"confirm:{outbox.quiet_slot()}", {"sent_title": submission.title})


def story_received(submission: Submission) -> None:
    """Once, after the button: we have it, and this is what happens next."""
    _to_author(submission, "story_received", "received", {"sent_title": submission.title})


def approve_story(submission: Submission) -> None:
    """Please read the final text. Each time that staff ask."""
    context = {"title": _title(submission), "note_lines": submission.note_to_author.splitlines()}
    _to_author(submission, "approve_story", f"approve:{submission.times_asked}", context)


def story_declined(submission: Submission, reason: str) -> None:
    """We do not publish it, and why, in the words of staff."""
    submit_url = absolute_reverse("members:submit", language=submission.language)
    context = {"sent_title": submission.title, "reason_lines": reason.splitlines(), "submit_url": submit_url}
    _to_author(submission, "story_declined", "declined", context)


def story_published(submission: Submission) -> None:
    """It can be read, there."""
    post = submission.post
    assert post
    context = {
        "title": _title(submission),
        "post_url": absolute_reverse("members:post", post.slug, language=submission.language),
    }
    _to_author(submission, "story_published", "published", context)


def story_went_out(submission: Submission, issue: Issue, readers: int) -> None:
    """It was in the newsletter, and went to so many people."""
    context = {
        "title": _title(submission),
        "number": issue.number,
        "readers": readers,
        "issue_url": absolute_reverse("members:issue", issue.number, language=submission.language),
    }
    _to_author(submission, "story_went_out", f"issue:{issue.pk}", context)


def _title(submission: Submission) -> str:
    """The title that staff and author agreed on."""
    assert submission.post
    return submission.post.title


def _to_author(submission: Submission, name: str, occasion: str, context: dict[str, Any]) -> None:
    outbox.enqueue(
        key=f"submission:{submission.pk}:{occasion}",
        template=f"members/{name}",
        to=submission.email,
        language=submission.language,
        context={
            "name": submission.name,
            "story_url": absolute_reverse("members:yours", submission.key, language=submission.language),
            **context,
        },
    )
