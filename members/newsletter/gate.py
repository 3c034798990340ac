"""What stands between an issue and its readers: findings that block it, and warnings beside."""

from dataclasses import dataclass
from datetime import datetime

from members.models import Issue


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with an issue, in words, and where it is mended."""

    code: str
    blocks: bool
    words: str
    fix_url: str


class Blocked(Exception):
    """The issue must not go on like this; `findings` say why."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(" ".join(finding.words for finding in findings))
        self.findings = findings


def check(issue: Issue, *, at: datetime | None = None) -> list[Finding]:
    """Everything wrong with the issue if it went out `at` a moment, now where none is given."""
    return []


def require(issue: Issue, *, at: datetime | None = None) -> None:
    """Raises Blocked where something stands between the issue and its readers."""
    if blocking := [finding for finding in check(issue, at=at) if finding.blocks]:
        raise Blocked(blocking)
