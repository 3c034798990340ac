"""The draft that writes itself: made two weeks before its day, and made anew whenever an editor wants the newest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from csan.lib import rich
from csan.lib.rows import insert_unless_known
from members import issue_days
from members.models import CalendarDay, Issue, IssueItem, Post, Section
from members.newsletter import suggesting
from members.newsletter.arranging import place
from members.newsletter.composing import lock, note
from members.newsletter.contents import languages
from members.newsletter.controls import WrongState
from members.newsletter.suggesting import Suggestion, key_of

SHORTEST, LONGEST = 10, 60  # characters of a subject, what telephones show of it
COUNTED: dict[str, Callable[[int], str]] = {
    Section.Kind.ACTIONS: lambda n: ngettext("%(count)s upcoming action", "%(count)s upcoming actions", n),
    Section.Kind.BARGAINING: lambda n: ngettext("%(count)s bargaining update", "%(count)s bargaining updates", n),
    Section.Kind.OFFERS: lambda n: ngettext("%(count)s thing you can do", "%(count)s things you can do", n),
    Section.Kind.STORIES: lambda n: ngettext("%(count)s member's story", "%(count)s members' stories", n),
}


@dataclass(frozen=True)
class Redraft:
    """What making the draft anew did."""

    added: int
    removed: int


def make_due_drafts(today: date) -> list[Issue]:
    """Make the issue of each calendar day that has come near, unless it had one. The issues that were made."""
    last = today + timedelta(days=settings.NEWSLETTER_DRAFT_DAYS)
    made = []
    day = issue_days.next_issue_on(today)
    while day <= last:
        if issue := make_draft(day=day):
            made.append(issue)
        day = issue_days.next_issue_on(day + timedelta(days=1))
    return made


@transaction.atomic
def make_draft(*, day: date) -> Issue | None:
    """The issue of a calendar day; None where it had one, or staff planned one of their own for that day.

    The day's row is what only one of two who ask at once can write; the other waits for it and does nothing.
    """
    calendar_day = CalendarDay(day=day)
    if not insert_unless_known(calendar_day):
        return None
    planned = Issue.objects.filter(due_on=day).order_by("pk").first()
    issue = planned or Issue.objects.create(
        number=int(Issue.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        due_on=day,
        subject=settings.SITE_SHORT_NAME,
        is_self_made=True,
    )
    CalendarDay.objects.filter(pk=calendar_day.pk).update(issue=issue)
    if planned:
        return None
    fill_draft(issue=issue)
    issue.refresh_from_db()
    return issue


@transaction.atomic
def fill_draft(*, issue: Issue, by: User | None = None) -> Redraft:
    """Put in what is new and take out what no longer holds, and write subject and intro where nobody did.

    What staff pinned, edited, left out or put in themselves stays as it is. Raises WrongState for a frozen issue.
    """
    locked = lock(issue)
    if locked.is_frozen:
        raise WrongState
    found = suggesting.suggestions(locked)
    removed = _remove_stale(locked, {each.key for each in found})
    known = {key_of(item): item for item in locked.items.select_related("section")}
    added = 0
    for suggestion in found:
        item = known.get(suggestion.key)
        if item is None:
            added += _put(locked, suggestion)
        elif item.is_suggested and not item.is_edited:
            IssueItem.objects.filter(pk=item.pk).update(**suggestion.words())
    _write_opening(locked, found)
    note(locked, by, "Made the draft anew")
    return Redraft(added, removed)


def _remove_stale(issue: Issue, holding: set[tuple[str, object]]) -> int:
    """Take away what the draft once put in and would not put in now. What was left out stays, to be remembered."""
    ours = issue.items.filter(is_suggested=True, is_pinned=False, is_dropped=False, edited_at=None)
    stale = [item.pk for item in ours if key_of(item) not in holding]
    return issue.items.filter(pk__in=stale).delete()[0]


def _put(issue: Issue, suggestion: Suggestion) -> int:
    """Put it into its section, before what ranks after it. 0 where staff left that section out."""
    of_kind = issue.sections.filter(kind=suggestion.section).order_by("is_dropped", "position", "pk")
    section = of_kind.first() or _new_section(issue, suggestion.section)
    if section.is_dropped:
        return 0
    rows = list(section.items.select_related("post").order_by("position", "pk"))
    item = IssueItem.objects.create(
        issue=issue,
        section=section,
        position=len(rows),
        post=suggestion.post,
        offer=suggestion.offer.key if suggestion.offer else "",
        is_suggested=True,
        **suggestion.words(),
    )
    after = (at for at, row in enumerate(rows) if row.post and suggesting.rank_of(row.post) > suggestion.rank)
    rows.insert(next(after, len(rows)), item)
    place(rows)
    return 1


def _new_section(issue: Issue, kind: str) -> Section:
    """A section in the order in which kinds stand; what staff moved stays where it is."""
    order = list(COUNTED)
    rows = list(issue.sections.order_by("position", "pk"))
    section = Section.objects.create(issue=issue, kind=kind, position=len(rows))
    after = (at for at, row in enumerate(rows) if row.kind in order and order.index(row.kind) > order.index(kind))
    rows.insert(next(after, len(rows)), section)
    place(rows)
    return section


def _write_opening(issue: Issue, found: list[Suggestion]) -> None:
    """Subject and intro, until somebody writes better ones."""
    if issue.is_edited or (not issue.is_self_made and issue.intro):
        return
    words = {language: opening(issue, found, language) for language in languages()}
    chosen = {"intro": words["en"][1], "intro_es": words["es"][1]}
    if issue.is_self_made:
        chosen |= {"subject": words["en"][0], "subject_es": words["es"][0]}
    Issue.objects.filter(pk=issue.pk, edited_at=None).update(**chosen, version=F("version") + 1)


def opening(issue: Issue, found: list[Suggestion], language: str) -> tuple[str, str]:
    """A subject and the skeleton of an intro in a language, from what is in the issue."""
    with translation.override(language):
        return subject_of(issue, found, language), intro_of(found)


def subject_of(issue: Issue, found: list[Suggestion], language: str) -> str:
    """The first thing in the issue that has a name in this language, else its day. 10 to 60 characters."""
    titles = [each.titles[language] for each in found if language in each.titles]
    employers = list(dict.fromkeys(each.post.employer for each in found if each.post and each.post.employer))
    ideas = []
    if titles:
        ideas += [_("%(title)s, and other news") % {"title": titles[0]}] if len(found) > 1 else []
        ideas += [titles[0]]
    if employers:
        ideas.append(_("News from %(employer)s, and more") % {"employer": employers[0]})
    if titles and len(titles[0]) > LONGEST:
        ideas.append(f"{titles[0][: LONGEST - 1].rpartition(' ')[0] or titles[0][: LONGEST - 1]}…")
    day = timezone.localdate(suggesting.moment_of(issue))
    ideas.append(_("Our news for %(month)s") % {"month": date_format(day, "YEAR_MONTH_FORMAT")})
    return next((idea for idea in ideas if SHORTEST <= len(idea) <= LONGEST), ideas[-1])


def intro_of(found: list[Suggestion]) -> str:
    """A greeting, and how much there is of what."""
    counts = {kind: sum(each.section == kind for each in found) for kind in COUNTED}
    parts = [COUNTED[kind](count) % {"count": count} for kind, count in counts.items() if count]
    greeting = rich.of_plain(_("Dear friends,"))
    if not parts:
        return str(greeting)
    return str(greeting + rich.of_plain(_("In this issue: %(list)s.") % {"list": ", ".join(parts)}))


def posts_to_come(issue: Issue) -> list[Post]:
    """Posts that making the draft anew would add now."""
    known = set(issue.items.exclude(post=None).values_list("post", flat=True))
    return [post for post in suggesting.new_posts(issue) if post.pk not in known]
