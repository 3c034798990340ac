"""Who of the staff sees which locals: those of their districts, and how many others there are."""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from campaigns.models import Box, PrintRun, Registration, StaffDistricts, TrackingFile
from members.models import Local

J = TypeVar("J", PrintRun, TrackingFile)


@dataclass(frozen=True)
class Scope:
    """What somebody sees. `districts` is None where that is everything.

    A local that is in no district counts where its registration says; one of which nobody has said so is nobody's, so
    only those who see everything see it.
    """

    districts: frozenset[str] | None

    def registrations(self, rows: QuerySet[Registration]) -> tuple[QuerySet[Registration], int]:
        """Those of the rows that may be seen, and how many may not."""
        seen = self.only("local__district")
        return rows.filter(seen), self._hidden(rows.exclude(seen))

    def boxes(self, rows: QuerySet[Box]) -> tuple[QuerySet[Box], int]:
        """The same of boxes."""
        seen = self.only("registration__local__district")
        return rows.filter(seen), self._hidden(rows.exclude(seen))

    def locals(self, rows: QuerySet[Local]) -> tuple[QuerySet[Local], int]:
        """The same of locals."""
        seen = self.only("district")
        return rows.filter(seen), self._hidden(rows.exclude(seen))

    def jobs(self, rows: QuerySet[J], user: User) -> tuple[QuerySet[J], int]:
        """The same of files that hold many districts' boxes: who does not see everything sees those of their own."""
        return (rows, 0) if self.districts is None else (rows.filter(by=user), rows.exclude(by=user).count())

    def only(self, path: str) -> Q:
        """The condition itself, where `path` leads to a district, such as `local__district`."""
        if self.districts is None:
            return Q()
        own = sorted(self.districts)
        seen = Q((f"{path}__in", own))
        if path.endswith("local__district"):
            told = f"{path.removesuffix('local__district')}district"
            seen |= Q((path, ""), (f"{told}__in", own))
        return seen

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole union."""
        return self.districts is None

    def has(self, local: Local) -> bool:
        """Whether a local is seen."""
        return self.districts is None or local.district in self.districts

    def _hidden(self, others: "QuerySet[Registration] | QuerySet[Box] | QuerySet[Local]") -> int:
        return 0 if self.districts is None else others.count()


def of(user: User) -> Scope:
    """What this person of the staff sees."""
    if user.is_superuser:
        return Scope(None)
    row = StaffDistricts.objects.filter(user=user.pk).first()
    return Scope(frozenset(row.districts) if row else None)
