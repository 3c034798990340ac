"""What staff are told of an issue by letter: one letter form, whatever the news."""

from hashlib import sha256

from django.contrib.auth.models import User
from django.urls import reverse

from csan.lib.addresses import InvalidAddress
from csan.lib.urls import absolute
from members import outbox
from members.models import Issue


def review_requested(issue: Issue, *, asked_by: User, colleague: User) -> None:
    """To somebody who may approve: please look."""
    _tell(
        colleague,
        issue,
        occasion=f"review:{_moment()}",
        subject=f"Please look over the newsletter, no. {issue.number}",
        sentences=[f"{name_of(asked_by)} asks you to look over “{issue.subject}” and to approve it."],
        button="Look it over",
    )


def approved(issue: Issue, *, by: User, editor: User) -> None:
    """To the editor: it may be scheduled."""
    _tell(
        editor,
        issue,
        occasion=f"approved:{_moment()}",
        subject=f"Approved: the newsletter, no. {issue.number}",
        sentences=[f"{name_of(by)} has approved “{issue.subject}”.", "You can now say when it goes out."],
        button="Choose when it goes out",
    )


def sent_back(issue: Issue, *, by: User, editor: User, words: str) -> None:
    """To the editor: not yet, and why."""
    _tell(
        editor,
        issue,
        occasion=f"back:{_moment()}",
        subject=f"Not approved yet: the newsletter, no. {issue.number}",
        sentences=[
            f"{name_of(by)} has looked over “{issue.subject}” and sent it back to you.",
            *filter(None, [words]),
        ],
        button="Go to the issue",
    )


def not_sent(issue: Issue, *, editor: User, reason: str) -> None:
    """To the editor: its time came and it did not go."""
    _tell(
        editor,
        issue,
        occasion=f"not-sent:{_moment()}",
        subject=f"Not sent: the newsletter, no. {issue.number}",
        sentences=[f"The time of “{issue.subject}” came, and it was not sent.", reason],
        button="See what to do",
    )


def paused_by_itself(issue: Issue, *, editor: User, reason: str, occasion: int) -> None:
    """To the editor: too much went wrong, so it waits for a decision. `occasion` tells one pause from another."""
    _tell(
        editor,
        issue,
        occasion=f"paused:{occasion}",
        subject=f"Paused by itself: the newsletter, no. {issue.number}",
        sentences=[
            f"Sending “{issue.subject}” has stopped by itself.",
            reason,
            "Nobody else gets it until you let it go on or cancel it.",
        ],
        button="Decide",
    )


def report(issue: Issue, *, reader: User, sentences: list[str]) -> None:
    """The morning after: how it went."""
    _tell(
        reader,
        issue,
        occasion="report",
        subject=f"How the newsletter went, no. {issue.number}",
        sentences=sentences,
        button="See the proof",
    )


def name_of(user: User) -> str:
    """How a colleague is called in a letter."""
    return user.get_full_name() or user.get_username()


def _moment() -> int:
    """Tells one occasion from the next; the same news twice within minutes brings one letter."""
    return outbox.quiet_slot()


def _tell(user: User, issue: Issue, *, occasion: str, subject: str, sentences: list[str], button: str) -> None:
    """A letter to one of the staff. Who has no usable address is not told; the page says it all too.

    Its words are part of its key: the same news within minutes comes once, other news is never held back.
    """
    words = sha256("\n".join(sentences).encode()).hexdigest()[:12]
    try:
        outbox.enqueue(
            key=f"staff:{user.pk}:issue:{issue.pk}:{words}:{occasion}",
            template="members/staff_note",
            to=user.email,
            context={
                "subject_line": subject,
                "sentences": sentences,
                "button": button,
                "url": absolute(reverse("admin:members_issue_sending", args=[issue.pk])),
            },
        )
    except InvalidAddress:
        return
