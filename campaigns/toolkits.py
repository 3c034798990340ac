"""The files of a week's toolkit: one that no item has any more is taken away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from campaigns.models import ToolkitItem, WeekOfAction
from csan.lib import uploads


@contextmanager
def unused_files_forgotten(weeks: Iterable[WeekOfAction]) -> Iterator[None]:
    """Around a change to weeks: files that items had before and no longer have are deleted once it has committed."""
    pks = [week.pk for week in weeks]
    before = _files(pks)
    yield
    uploads.forget(before - _files(pks))


def _files(weeks: list[int]) -> set[str]:
    kept = ToolkitItem.objects.filter(week__in=weeks).exclude(file="")
    return set(kept.values_list("file", flat=True))
