"""An issue against which nothing can be said, to be spoilt in one respect by each test of the gate."""

from typing import Any

from django.utils import timezone

from members import newsletter
from members.models import Issue, IssueItem, LinkCheck, Post
from members.newsletter import gate, link_checks
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
)

FUND = "https://fund.example.org/give"
INTRO = (
    f'<p>Dear friends, this month we met in nine cities and spoke about what comes next. <a href="{FUND}">Give to the '
    "fund for strikers</a>, or bring a coworker to the rally in March. Every one of us can do one thing this week, "
    "and together that is a lot. Read on, and tell us what you think of it all; we answer every letter that you "
    "write.</p>"
)
INTRO_ES = (
    "<p>Queridas amigas y amigos: este mes nos reunimos en nueve ciudades y hablamos de lo que sigue. "
    f'<a href="{FUND}">Done al fondo de huelga</a>, o traiga a la concentración a alguien de su trabajo. Cada quien '
    "puede hacer una cosa esta semana, y entre todos es mucho. Siga leyendo y díganos qué piensa; "
    "contestamos cada carta que nos llega.</p>"
)


def issue_in_order(**values: Any) -> Issue:
    """In both languages, for a reader of each, with a story, its link looked at; only the test is left to send."""
    SubscriptionFactory()
    SubscriptionFactory(person__language="es")
    said = {"subject": "Nine weeks at the table", "subject_es": "Nueve semanas en la mesa"}
    issue = IssueFactory(**{**said, "intro": INTRO, "intro_es": INTRO_ES, **values})
    IssueItemFactory(issue=issue, post=PostFactory(title="Forty-five days"))
    found(FUND)
    return issue


def found(url: str, state: str = "fine", **values: Any) -> LinkCheck:
    """What a worker found just now."""
    link_checks.ask_for([url])
    LinkCheck.objects.filter(url=url).update(state=state, **{"checked_at": timezone.now(), **values})
    return LinkCheck.objects.get(url=url)


def sendable(**values: Any) -> Issue:
    """The same after a test in each language."""
    issue = issue_in_order(**values)
    send_tests(issue)
    return issue


def send_tests(issue: Issue) -> None:
    by = StaffFactory()
    for language in ("en", "es"):
        newsletter.send_test(issue=issue, by=by, language=language)


def add_words(issue: Issue, **values: Any) -> IssueItem:
    """An item of our own in both languages, which changes nothing else."""
    said = {"heading": "Call in", "heading_es": "Llame", "body": "<p>Do it.</p>", "body_es": "<p>Hágalo.</p>"}
    return IssueItemFactory(issue=issue, **{"post": None, **said, **values})


def add_action(issue: Issue, **values: Any) -> IssueItem:
    """A public action that is to come."""
    post = PostFactory(kind=Post.Kind.ACTION, **{"title": "Rally at City Hall", **values})
    return IssueItemFactory(issue=issue, post=post)


def found_by_gate(issue: Issue, code: str = "", **values: Any) -> list[gate.Finding]:
    """The gate's findings, of one code or but for the missing test, once the tests have been sent anew."""
    fresh = Issue.objects.get(pk=issue.pk)
    findings = gate.check(fresh, **values)
    return [each for each in findings if (each.code == code if code else each.code != "untested")]


def words(findings: list[gate.Finding]) -> list[tuple[bool, str]]:
    return [(finding.blocks, finding.words) for finding in findings]
