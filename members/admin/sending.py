"""The page on which an issue is checked, approved, sent, watched, proved and corrected; and what its buttons do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateformat import format as format_date

from csan.lib.addresses import InvalidAddress
from members import newsletter, outbox
from members.admin import checking
from members.models import Issue, Message, Subscription
from members.newsletter import gate, link_checks
from members.newsletter.controls import letters_of
from members.newsletter.links import totals

SHOWN_DOUBTS = 50
LOOK = "look"  # asks after one person; posted, that no address of anybody stands in a log


class TestForm(forms.Form):
    """In which language to send the test."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ScheduleForm(forms.Form):
    """When it goes out, in the union's time zone. A time that a clock change skips or repeats is refused by Django."""

    at = forms.DateTimeField(
        label="Date and time",
        error_messages={"required": "Choose a day and a time.", "invalid": "Write a day and a time that exist."},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if at < timezone.now():
            raise forms.ValidationError("This time has passed. Choose one that is to come.")
        return at


class CorrectionForm(forms.Form):
    """What readers are told of a correction."""

    note = forms.CharField(label="What was wrong, for readers", max_length=300)
    note_es = forms.CharField(label="The same in Spanish", max_length=300, required=False)


# The way of an issue as the page draws it; a pause and an end other than “sent” stand where they happened.
WAY = ("draft", "review", "approved", "scheduled", "canary", "sending", "sent")
STANDS_AT = {"paused": "sending", "attention": "sent", "cancelled": "sent"}


@dataclass(frozen=True)
class Step:
    """A step of the way: what it is called, and whether it is behind us, here, or to come."""

    label: str
    is_past: bool
    is_here: bool


def steps_of(issue: Issue) -> list[Step]:
    """The way of the issue, and where it is."""
    here = WAY.index(STANDS_AT.get(issue.status, issue.status))
    labels = [str(Issue.Status(name).label) for name in WAY]
    labels[here] = str(issue.get_status_display())
    return [Step(label.capitalize(), at < here, at == here) for at, label in enumerate(labels)]


def context_of(request: HttpRequest, issue: Issue, by: User) -> dict[str, Any]:
    """What the page shows in the state that the issue is in."""
    shown: dict[str, Any] = {
        "issue": issue,
        "steps": steps_of(issue),
        "may_approve": by.has_perm("members.approve_issue"),
        "left_today": outbox.left_today(),
        "time_zone": format_date(timezone.localtime(), "T"),
        "approval": newsletter.approval_of(issue),
    }
    return {**shown, **(_after(request, issue) if issue.is_frozen else _before(issue, by))}


def _before(issue: Issue, by: User) -> dict[str, Any]:
    readers = Subscription.objects.active()
    is_read = issue.status == Issue.Status.REVIEW
    return {
        "test_form": TestForm(),
        "schedule_form": ScheduleForm(initial={"at": issue.planned_for}),
        "languages": [(name, readers.filter(person__language=code).count()) for code, name in settings.LANGUAGES],
        "readers": readers.count(),
        **checking.context_of(issue),
        **({"changes": newsletter.changes_since(issue, by), "digest": newsletter.digest_of(issue)} if is_read else {}),
        "is_own": issue.editor_id == by.pk,
        "hold_minutes": settings.NEWSLETTER_HOLD // 60,
    }


def _after(request: HttpRequest, issue: Issue) -> dict[str, Any]:
    asked = request.POST.get("who", "").strip()
    is_over = issue.status in Issue.OVER
    doubts = letters_of(issue).filter(status=Message.Status.UNCERTAIN).order_by("pk")
    return {
        "report": report_of(issue),
        "reasons": newsletter.reasons(issue) if is_over else [],
        "asked": asked,
        "trace": newsletter.trace(issue, asked) if asked else None,
        "missed": newsletter.missed(issue) if issue.status in (Issue.Status.SENT, Issue.Status.ATTENTION) else None,
        "doubts": list(doubts[:SHOWN_DOUBTS]) if issue.status == Issue.Status.ATTENTION else [],
        "corrections": issue.corrections.select_related("by").order_by("-revision"),
        "is_changed": newsletter.is_changed(issue),
        "correction_form": CorrectionForm(),
        "link_totals": totals(issue),
    }


def report_of(issue: Issue) -> dict[str, Any]:
    """How far it has come, for the page and for what the page asks every two seconds."""
    how = newsletter.progress(issue)
    return {
        "status": issue.status,
        "label": issue.get_status_display().capitalize(),
        "candidates": how.candidates,
        "settled": how.settled,
        "rate": round(how.rate, 1),
        "seconds_left": how.seconds_left,
        "counts": [
            {"status": status, "label": str(label), "count": how.counts.get(status, 0)}
            for status, label in Message.Status.choices
        ],
    }


def act(request: HttpRequest, issue: Issue, by: User) -> None:
    """Do what the pressed button says, and tell how that went."""
    button = BUTTONS.get(request.POST.get("do", ""))
    if button is None:
        return
    try:
        button(request, issue, by)
    except gate.Blocked as error:
        messages.error(request, f"It cannot go on like this. {error}")
    except newsletter.SamePerson:
        messages.error(request, "You asked for this review, so a colleague has to approve it.")
    except newsletter.ChangedMeanwhile:
        messages.warning(request, "The issue was changed while you were reading. Please look at it again.")
    except newsletter.NotApproved:
        messages.warning(request, "What stands there now is not what was approved. Please have it approved again.")
    except InvalidAddress:
        messages.error(request, "The e-mail address of your staff account is none; please correct it.")
    except newsletter.WrongState:
        messages.warning(request, "That is not possible any more; the issue has moved on.")
    except newsletter.NothingChanged:
        messages.warning(request, "Nothing was changed since the issue was frozen, so there is nothing to correct.")
    except newsletter.NewForSome:
        messages.error(request, "A part for some readers cannot be added now: who gets which letter is fixed.")
    except newsletter.Unsendable as error:
        messages.error(request, f"This issue cannot be made into a letter: {error}")


def _test(request: HttpRequest, issue: Issue, by: User) -> None:
    form = TestForm(request.POST)
    if not by.email:
        messages.error(request, "Your staff account has no e-mail address to send the test to.")
    elif form.is_valid():
        newsletter.send_test(issue=issue, by=by, language=form.cleaned_data["language"])
        link_checks.ask(issue)
        messages.success(request, f"A test is on its way to {by.email}.")


def _ask(request: HttpRequest, issue: Issue, by: User) -> None:
    count = newsletter.request_review(issue=issue, by=by)
    link_checks.ask(issue)
    if count:
        messages.success(request, f"Asked for a review: {count} of your colleagues got a letter.")
    else:
        messages.warning(
            request, "It waits for a review, and there is no colleague yet who may approve. Add one under Staff."
        )


def _approve(request: HttpRequest, issue: Issue, by: User) -> None:
    if not by.has_perm("members.approve_issue"):
        messages.error(request, "You may not approve issues; ask who runs this site.")
        return
    newsletter.approve(issue=issue, by=by, digest=request.POST.get("digest", ""))
    messages.success(request, "Approved. It can now be scheduled.")


def _send_back(request: HttpRequest, issue: Issue, by: User) -> None:
    newsletter.send_back(issue=issue, by=by, words=request.POST.get("words", "").strip()[:1000])
    messages.success(request, "It is a draft again, and its editor was told.")


def _schedule(request: HttpRequest, issue: Issue, by: User) -> None:
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["at"])))
        return
    _say_when(request, newsletter.schedule(issue=issue, by=by, at=form.cleaned_data["at"]))


def _send(request: HttpRequest, issue: Issue, by: User) -> None:
    _say_when(request, newsletter.schedule(issue=issue, by=by))


def _say_when(request: HttpRequest, issue: Issue) -> None:
    assert issue.scheduled_for
    when = format_date(timezone.localtime(issue.scheduled_for), "l, F j, H:i T")
    messages.success(request, f"It goes out on {when}. Until then you can stop it.")


def _stop(request: HttpRequest, issue: Issue, by: User) -> None:
    newsletter.stop(issue=issue, by=by)
    messages.success(request, "Stopped. Nobody got it. It is still approved.")


def _pause(request: HttpRequest, issue: Issue, by: User) -> None:
    newsletter.pause(issue=issue, by=by)
    messages.success(request, "Paused. Letters already handed over are out; no other will leave.")


def _resume(request: HttpRequest, issue: Issue, by: User) -> None:
    newsletter.resume(issue=issue, by=by)
    messages.success(request, "Sending goes on where it stopped.")


def _cancel(request: HttpRequest, issue: Issue, by: User) -> None:
    newsletter.cancel(issue=issue, by=by)
    messages.success(request, "Cancelled. Letters that had not left will never leave.")


def _settle(request: HttpRequest, issue: Issue, by: User) -> None:
    letter = request.POST.get("letter", "")
    count = newsletter.settle_doubts(
        issue=issue,
        by=by,
        send_again=request.POST["do"] == "send-again",
        letter=int(letter) if letter.isdecimal() else None,
    )
    messages.success(request, f"{count} uncertain {'letter' if count == 1 else 'letters'} settled.")


def _send_to_missed(request: HttpRequest, issue: Issue, by: User) -> None:
    count = newsletter.send_to_missed(issue=issue, by=by)
    messages.success(request, f"It is on its way to {count} people who had not got it.")


def _correct(request: HttpRequest, issue: Issue, by: User) -> None:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say in a few words what was wrong; readers of the archive see it.")
        return
    count = newsletter.correct(
        issue=issue, by=by, note=form.cleaned_data["note"], note_es=form.cleaned_data["note_es"]
    )
    messages.success(request, f"Corrected in the archive, and in {count} letters that had not left.")


BUTTONS: dict[str, Callable[[HttpRequest, Issue, User], None]] = {
    **checking.BUTTONS,
    "test": _test,
    "ask": _ask,
    "approve": _approve,
    "send-back": _send_back,
    "schedule": _schedule,
    "send": _send,
    "stop": _stop,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "take-as-sent": _settle,
    "send-again": _settle,
    "send-to-missed": _send_to_missed,
    "correct": _correct,
}
