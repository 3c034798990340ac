"""The files of a week's toolkit: one that no item has any more is taken away."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db.models import QuerySet

from campaigns.models import ToolkitItem, WeekOfAction
from csan.lib import uploads


@contextmanager
def unused_files_forgotten(weeks: Iterable[WeekOfAction]) -> Iterator[None]:
    """Around a change to weeks: files that items had before and none has any more are deleted once it has committed.

    A week that was begun from another shares its files, so the items of all weeks are asked.
    """
    before = _files(ToolkitItem.objects.filter(week__in=[week.pk for week in weeks]))
    yield
    uploads.forget(before - _files(ToolkitItem.objects.filter(file__in=before)))


def _files(items: QuerySet[ToolkitItem]) -> set[str]:
    return set(items.exclude(file="").values_list("file", flat=True))
