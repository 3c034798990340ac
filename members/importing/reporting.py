"""What became of a file, line by line: for a page the first ones, as a file all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib.auth.models import User
from django.db import transaction

from csan.lib import audit
from members.importing.merging import OUTCOMES
from members.models import SubscriberImport


@dataclass(frozen=True)
class Problem:
    """A line that did not simply go in."""

    line: int
    outcome: str
    reason: str
    cells: list[str]

    @property
    def label(self) -> str:
        return OUTCOMES[self.outcome]


def problems(job: SubscriberImport, most: int | None = None) -> list[Problem]:
    """The lines that did not simply go in, or would not; the first `most` of them."""
    return list(islice(_problems(job), most))


def _problems(job: SubscriberImport) -> Iterator[Problem]:
    """A part at a time, so that memory stays flat."""
    for number in range(job.parts_count):
        part = job.parts.filter(number=number).first()
        if part is None:
            return
        cells = {line: values or [] for line, values, *_ in part.lines}
        for line, outcome, reason in part.outcome if job.started_at else part.forecast:
            yield Problem(line, outcome, reason, cells[line])


@transaction.atomic
def download_problems(*, job: SubscriberImport, by: User) -> Iterator[list[object]]:
    """The same as rows of a table, each with its line as it stood in the file. The download is recorded."""
    audit.record(by=by, objects=[job], did="Downloaded the lines of an import")
    return _rows(job)


def _rows(job: SubscriberImport) -> Iterator[list[object]]:
    yield ["line", "outcome", "reason", *job.headings]
    for problem in _problems(job):
        yield [problem.line, problem.label, problem.reason, *problem.cells]
