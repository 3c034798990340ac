"""What stands between an issue and its readers: findings that block it, and warnings beside.

Each rule is a function that is given a `Look` at the issue and yields findings: `words.py` about what it says ·
`items.py` about what it carries · `letters.py` about the letters made of it · `links.py` about where they lead ·
`readers.py` about who gets it. Nothing is fetched here and nothing is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from members.models import Issue, LinkCheck
from members.newsletter.gate import items, letters, links, readers, words
from members.newsletter.gate.looking import Finding, Look, look_at

__all__ = ["Blocked", "Finding", "Report", "check", "report", "require"]

RULES: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    *words.RULES,
    *items.RULES,
    *links.RULES,
    *letters.RULES,
    *readers.RULES,
)


class Blocked(Exception):
    """The issue must not go on like this; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(finding.words for finding in findings))
        self.findings = findings


@dataclass(frozen=True)
class Report:
    """What the gate has to say of an issue, what blocks it first, and what is known of its links."""

    findings: list[Finding]
    checks: list[LinkCheck]
    links: int

    @property
    def is_blocked(self) -> bool:
        return any(finding.blocks for finding in self.findings)

    @property
    def looked_at(self) -> int:
        """How many of the links no worker has yet to look at."""
        return sum(not check.is_waiting for check in self.checks)


def report(issue: Issue, *, at: datetime | None = None) -> Report:
    """Everything wrong with the issue if it went out `at` a moment; where none is given, as planned, or else now."""
    with translation.override("en"):  # what staff read
        look = look_at(issue, at)
        found = dict.fromkeys(finding for rule in RULES for finding in rule(look))
    return Report(sorted(found, key=lambda finding: not finding.blocks), list(look.checks.values()), len(look.urls))


def check(issue: Issue, *, at: datetime | None = None) -> list[Finding]:
    """The findings alone, those that block first."""
    return report(issue, at=at).findings


def require(issue: Issue, *, at: datetime | None = None) -> None:
    """Raises Blocked where something stands between the issue and its readers."""
    if blocking := [finding for finding in check(issue, at=at) if finding.blocks]:
        raise Blocked(blocking)
