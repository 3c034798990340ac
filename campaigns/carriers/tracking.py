"""A file of tracking numbers that comes back: looked through first, then taken in, each row once."""

from hashlib import sha256
from typing import BinaryIO

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from campaigns.boxes import shipping
from campaigns.carriers import numbers
from campaigns.desk import scopes
from campaigns.models import Box, CarrierProfile, Registration, TrackingFile, TrackingRow
from csan.lib import audit
from csan.lib.csvfiles import Row, Table, UnusableFile, plain_heading

MOST_ROWS = 5000
READY, SHIPPED, KNOWN, UNKNOWN, TAKEN, BROKEN = "ready", "shipped", "known", "unknown-box", "taken", "broken"
NOT_PACKED, GONE, ELSEWHERE = "not-packed", "not-living", "elsewhere"
WORDS = {
    READY: "ready to be taken in",
    SHIPPED: "taken in",
    KNOWN: "known already; nothing to do",
    UNKNOWN: "no box has this code",
    TAKEN: "another box has this number",
    BROKEN: "cannot be read",
    NOT_PACKED: "the box is not packed",
    GONE: "the box does not leave any more",
    ELSEWHERE: "the box is in another district than yours",
}


class NotWaiting(Exception):
    """The file was taken in or cancelled before."""


@transaction.atomic
def look_through(*, file: BinaryIO, filename: str, profile: CarrierProfile, by: User) -> TrackingFile:
    """Test a file: what would become of each row. Nothing else changes. Raises UnusableFile.

    Boxes that `by` does not see, being of other districts, are left out.
    """
    file.seek(0)
    digest = sha256(file.read()).hexdigest()
    table = Table(file)
    try:
        places = _places(table.headings, profile)
        rows = list(_read(table, places, profile))
    finally:
        table.detach()
    _judge(rows, scopes.of(by))
    kept = TrackingFile.objects.create(profile=profile, filename=filename[:200], digest=digest, by=by)
    for row in rows:
        row.file = kept
    TrackingRow.objects.bulk_create(rows)
    return kept


def _places(headings: list[str], profile: CarrierProfile) -> dict[str, int]:
    """In which cell stands what."""
    plain = [plain_heading(heading) for heading in headings]
    told = {what: plain_heading(heading) for what, heading in profile.tracking_columns.items()}
    for what in ("code", "number"):
        if told.get(what) not in plain:
            raise UnusableFile(f"No column is headed “{profile.tracking_columns.get(what, what)}”.")
    return {what: plain.index(heading) for what, heading in told.items() if heading in plain}


def _read(table: Table, places: dict[str, int], profile: CarrierProfile) -> list[TrackingRow]:
    rows: list[TrackingRow] = []
    for row in table:
        if len(rows) == MOST_ROWS:
            raise UnusableFile(f"The file has more than {MOST_ROWS:,} rows. Part it and upload the parts.")
        rows.append(_row(row, places, profile))
    return rows


def _row(row: Row, places: dict[str, int], profile: CarrierProfile) -> TrackingRow:
    def cell(what: str) -> str:
        at = places.get(what, len(row.cells))
        return numbers.plain(row.cells[at]) if at < len(row.cells) else ""

    code, number = cell("code").removeprefix("'"), cell("number").removeprefix("'")
    said = {str(value).upper(): str(value) for value in Box.Carrier.values}.get(cell("carrier"), "")
    whose = said or (profile.carrier if profile.carrier != Box.Carrier.OTHER else numbers.guess(number))
    whose = whose or Box.Carrier.OTHER
    problem = row.broken
    if not problem and not numbers.LOOKS.fullmatch(number):
        problem = "A tracking number has 4 to 40 letters and digits."
    elif not problem and numbers.is_mistyped(whose, number):
        problem = "Its check digit is wrong: a digit was lost, or a spreadsheet rounded it."
    return TrackingRow(
        number=row.line, code=code[:40], tracking_number=number[:40], carrier=whose,
        outcome=BROKEN if problem else READY, reason=problem[:200],
    )  # fmt: skip


def _judge(rows: list[TrackingRow], scope: scopes.Scope) -> None:
    """What would become of each row, by two questions to the database however many there are."""
    named = Box.objects.filter(code__in={row.code for row in rows}).select_related("registration__local")
    boxes = {box.code: box for box in named}
    holders = Box.objects.filter(tracking_number__in={row.tracking_number for row in rows if row.tracking_number})
    taken = {(box.carrier, box.tracking_number): box.pk for box in holders}
    seen: set[str] = set()
    for row in rows:
        if row.outcome == BROKEN:
            continue
        row.box = boxes.get(row.code)
        if row.box and not scope.has(row.box.registration.local):
            row.box, row.outcome = None, ELSEWHERE
            continue
        row.outcome = _outcome(row, taken)
        if row.outcome == READY and row.code in seen:
            row.outcome, row.reason = BROKEN, "The box stands in the file twice."
        if row.outcome == READY:
            seen.add(row.code)
            taken[row.carrier, row.tracking_number] = row.box.pk if row.box else 0


def _outcome(row: TrackingRow, taken: dict[tuple[str, str], int]) -> str:
    box = row.box
    if box is None:
        return UNKNOWN
    if (box.carrier, box.tracking_number) == (row.carrier, row.tracking_number):
        return KNOWN
    if taken.get((row.carrier, row.tracking_number), box.pk) != box.pk:
        return TAKEN
    if box.status not in Box.WAITING or box.registration.status != Registration.Status.APPROVED:
        return GONE
    return READY if box.wave_id is None or box.status == Box.Status.CHECKED else NOT_PACKED


@transaction.atomic
def take_in(*, file: TrackingFile, silent: set[int], by: User) -> int:
    """Ship the boxes of the rows that are ready; how many. `silent` holds keys of rows whose local is not written to.

    Raises NotWaiting. The file's row is taken first, so of two who press at once the second finds it done; a box that
    another file took meanwhile is said so on its row.
    """
    done = TrackingFile.objects.filter(pk=file.pk, status=TrackingFile.Status.CHECKED).update(
        status=TrackingFile.Status.DONE, finished_at=timezone.now()
    )
    if not done:
        raise NotWaiting
    # In the order of their registrations, so that two files with the same boxes never wait for each other.
    ready = file.rows.filter(outcome=READY).select_related("box").order_by("box__registration", "box")
    rows = list(ready)
    for row in rows:
        row.notifies = row.pk not in silent
        row.outcome = _ship(row, by)
    TrackingRow.objects.bulk_update(rows, ["notifies", "outcome"])
    shipped = sum(row.outcome == SHIPPED for row in rows)
    audit.record(by=by, objects=[file], did="Took in tracking numbers", boxes=shipped)
    return shipped


def _ship(row: TrackingRow, by: User) -> str:
    assert row.box is not None, "only rows with a box are ready"
    box, number = row.box, row.tracking_number
    try:
        if shipping.ship_box(box=box, carrier=row.carrier, tracking_number=number, by=by, notifies=row.notifies):
            return SHIPPED
    except shipping.TrackingNumberTaken:
        return TAKEN
    box.refresh_from_db()
    return KNOWN if (box.carrier, box.tracking_number) == (row.carrier, number) else GONE


@transaction.atomic
def cancel(*, file: TrackingFile, by: User) -> None:
    """Nothing of the file is taken in. Raises NotWaiting."""
    done = TrackingFile.objects.filter(pk=file.pk, status=TrackingFile.Status.CHECKED).update(
        status=TrackingFile.Status.CANCELLED, finished_at=timezone.now()
    )
    if not done:
        raise NotWaiting
    audit.record(by=by, objects=[file], did="Cancelled")
