"""Print-outs in the background: one worker draws one file; where it is killed, another one begins anew."""

import io
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import IO

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models import Box, PrintRun, Wave
from campaigns.printing import labels, slips
from csan.lib import audit, bell, private_files

logger = logging.getLogger(__name__)
BELL = "campaigns.tasks.print_out"
FOLDER = "print-outs"
KEPT = timedelta(days=7)
EVERY = 25  # boxes between two signs of life
Status, Kind = PrintRun.Status, PrintRun.Kind


class NothingToPrint(Exception):
    """No box is chosen that may leave yet."""


class NotReady(Exception):
    """It is not drawn yet, or its file was deleted."""


@transaction.atomic
def begin(
    *, wave: Wave, kind: str, by: User, nudge: labels.Nudge | None = None, only: Iterable[str] | None = None
) -> PrintRun:
    """Ask for slips or labels of a wave's boxes that have not left, or `only` of some, by their codes.

    Raises NothingToPrint.
    """
    rows = Box.objects.filter(wave=wave, status__in=Box.WAITING)
    if only is not None:
        rows = rows.filter(code__in=list(only))
    numbers = list(
        rows.order_by("place__state", "registration__local__number", "part", "pk").values_list("pk", flat=True)
    )
    if not numbers:
        raise NothingToPrint
    nudge = nudge or labels.Nudge()
    run = PrintRun.objects.create(
        wave=wave, kind=kind, boxes=numbers, by=by, start=nudge.start, right_mm=nudge.right, down_mm=nudge.down
    )
    audit.record(by=by, objects=[wave], did=f"Asked for {run.get_kind_display()}", boxes=len(numbers))
    bell.ring_on_commit(BELL)
    return run


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return PrintRun.objects.due().exists()


def work() -> bool:
    """Draw one print-out. Whether there may be more that can be done now."""
    run = PrintRun.objects.due().order_by("pk").first()
    if run is None:
        return False
    if not PrintRun.objects.due().filter(pk=run.pk).update(seen_at=timezone.now(), seen=0):
        return True  # another worker was faster
    try:
        content, pages = _draw(run)
        name = private_files.keep(f"{FOLDER}/{run.pk}.pdf", content)
    except Exception as error:  # the outcome stands on the row, where staff see it
        logger.exception("Print-out %s failed", run.pk)
        PrintRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(
            status=Status.FAILED, reason=f"It could not be drawn ({type(error).__name__}).", finished_at=timezone.now()
        )
        return True
    if not _finish(run, name, pages):
        private_files.drop([name])
    return True


def _draw(run: PrintRun) -> tuple[bytes, int]:
    siblings = Box.objects.living().filter(place=OuterRef("place"), wave=OuterRef("wave")).order_by()
    parts = siblings.values("place").annotate(count=Count("pk")).values("count")
    rows = (
        Box.objects.filter(pk__in=run.boxes)
        .annotate(parts=Coalesce(Subquery(parts), 1))
        .select_related("registration__local", "registration__week", "place", "replaces")
    )
    by_number = {box.pk: box for box in rows.prefetch_related("lines__item")}
    boxes = [by_number[pk] for pk in run.boxes if pk in by_number]
    count = 0

    def seen() -> None:
        nonlocal count
        count += 1
        if count % EVERY == 0:
            PrintRun.objects.filter(pk=run.pk).update(seen=count, seen_at=timezone.now())

    file = io.BytesIO()
    if run.kind == Kind.SLIPS:
        pages = slips.draw(file, boxes, title=str(run), seen=seen)
    else:
        nudge = labels.Nudge(run.right_mm, run.down_mm, run.start)
        pages = labels.draw(file, boxes, kind=run.kind, title=str(run), nudge=nudge, seen=seen)
    return file.getvalue(), pages


@transaction.atomic
def _finish(run: PrintRun, name: str, pages: int) -> bool:
    """From now on each of these boxes has been printed once more. False where another worker has finished it."""
    running = PrintRun.objects.filter(pk=run.pk, status=Status.RUNNING)
    done = {"status": Status.DONE, "file": name, "pages": pages, "seen": run.total, "finished_at": timezone.now()}
    if not running.update(**done):
        return False
    column = "slips_printed" if run.kind == Kind.SLIPS else "labels_printed"
    Box.objects.filter(pk__in=run.boxes).update(**{column: F(column) + 1})
    return True


@transaction.atomic
def opened(*, run: PrintRun, by: User) -> IO[bytes]:
    """The file, to be handed out; recorded. Raises NotReady."""
    run.refresh_from_db()
    if run.status != Status.DONE:
        raise NotReady
    try:
        file = private_files.open_file(run.file)
    except private_files.Gone as error:
        raise NotReady from error
    audit.record(by=by, objects=[run.wave], did=f"Downloaded {run.get_kind_display()}")
    return file


@transaction.atomic
def forget() -> int:
    """Delete the files that have been kept long enough. How many."""
    old = PrintRun.objects.filter(status=Status.DONE, finished_at__lt=timezone.now() - KEPT)
    names = list(old.values_list("file", flat=True))
    old.update(status=Status.FORGOTTEN, file="")
    private_files.forget(names)
    return len(names)
