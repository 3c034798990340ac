"""Sign-up sheets: keyed by one, checked by another, never counted twice.

A row that names somebody who has signed online, or who stands on another sheet, is marked and does not count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, Max, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from csan.lib import audit, pictures, private_files
from csan.lib.rows import insert_unless_known
from csan.lib.states import state_of
from members.models import Local
from petitions import districts
from petitions.models import PaperLine, PaperSheet, Petition

FOLDER = "sheets"
KEPT_PHOTOS = timedelta(days=180)  # after a sheet is settled; the paper itself is the evidence
NOWHERE = "00000"  # the ZIP code of rows whose person is forgotten; no place has it
Status = PaperSheet.Status

# The same name, in any case and spacing, and the same five digits.
NAME = r"lower(regexp_replace(trim(%s), '\s+', ' ', 'g'))"
KNOWN_ONLINE = f"""
    UPDATE petitions_paperline AS line SET signature_id = known.id
    FROM petitions_paperline AS row
    JOIN petitions_papersheet AS sheet ON sheet.id = row.sheet_id
    JOIN LATERAL (
        SELECT signature.id FROM petitions_signature AS signature
        WHERE signature.petition_id = sheet.petition_id AND signature.status = 'confirmed'
          AND signature.state = row.state AND left(signature.zip_code, 5) = left(row.zip_code, 5)
          AND {NAME % "signature.given_name || ' ' || signature.family_name"} = {NAME % "row.name"}
        ORDER BY signature.id LIMIT 1
    ) AS known ON true
    WHERE line.id = row.id AND sheet.id = %s AND row.signature_id IS NULL
"""  # noqa: S608 - our own words
KNOWN_ON_PAPER = f"""
    UPDATE petitions_paperline AS line SET same_as_id = first.id
    FROM petitions_paperline AS row
    JOIN petitions_papersheet AS sheet ON sheet.id = row.sheet_id
    JOIN LATERAL (
        SELECT other.id FROM petitions_paperline AS other
        JOIN petitions_papersheet AS others ON others.id = other.sheet_id
        WHERE others.petition_id = sheet.petition_id AND others.status <> 'set-aside' AND other.id < row.id
          AND other.is_attested AND other.signature_id IS NULL AND other.same_as_id IS NULL
          AND left(other.zip_code, 5) = left(row.zip_code, 5) AND {NAME % "other.name"} = {NAME % "row.name"}
        ORDER BY other.id LIMIT 1
    ) AS first ON true
    WHERE line.id = row.id AND sheet.id = %s AND row.signature_id IS NULL AND row.same_as_id IS NULL
"""  # noqa: S608 - our own words


class NumberTaken(Exception):
    """Another sheet of the petition has this number."""


class WrongState(Exception):
    """The sheet is not, or no longer, where this can be done."""


class SamePerson(Exception):
    """Who keyed a sheet does not check it."""


class NothingKeyed(Exception):
    """A sheet without rows cannot be handed on."""


def attested(petition: Petition) -> int:
    """How many have signed on paper and not online: counted apart from those who confirmed."""
    return PaperLine.objects.attested().filter(sheet__petition=petition).count()


def by_state(petition: Petition) -> dict[str, int]:
    """The same by state."""
    return _by(petition, "state")


def by_district(petition: Petition) -> dict[str, int]:
    """The same by district; under the empty key those of none that is known."""
    return _by(petition, "district")


def _by(petition: Petition, name: str) -> dict[str, int]:
    rows = PaperLine.objects.attested().filter(sheet__petition=petition).values(name).annotate(count=Count("pk"))
    return dict(rows.order_by().values_list(name, "count"))


def next_number(petition: Petition) -> int:
    """For a sheet that carries no number."""
    return int(petition.paper_sheets.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def take_in(
    *, petition: Petition, number: int, local: Local | None = None, photo: IO[bytes] | None = None, by: User
) -> PaperSheet:
    """A sheet has come back. Raises NumberTaken, and UnusablePhoto for a photo that cannot be read."""
    sheet = PaperSheet(petition=petition, version=petition.current_version, number=number, local=local, keyed_by=by)
    if photo is not None:
        _keep_photo(sheet, photo)
    if not insert_unless_known(sheet):
        private_files.drop([sheet.photo] if sheet.photo else [])
        raise NumberTaken
    audit.record(by=by, objects=[sheet], did="Took in a sheet", petition=petition.slug)
    return sheet


def _keep_photo(sheet: PaperSheet, photo: IO[bytes]) -> None:
    """One picture, upright, without what the phone wrote into it."""
    made = pictures.prepare(photo)
    content = made.files[pictures.file_name(made.name, made.widths[-1], "jpg")]
    sheet.photo = private_files.keep(f"{FOLDER}/{made.name}.jpg", content)
    sheet.photo_width, sheet.photo_height = made.width, made.height


@contextmanager
def _held(sheet: PaperSheet, *statuses: str) -> Iterator[PaperSheet]:
    """The sheet, locked until the end of the transaction. Raises WrongState."""
    with transaction.atomic():
        held = PaperSheet.objects.select_for_update().filter(pk=sheet.pk, status__in=statuses).first()
        if held is None:
            raise WrongState
        yield held


def add_line(*, sheet: PaperSheet, name: str, zip_code: str, is_attested: bool = True, by: User) -> PaperLine:
    """The next row. Raises WrongState."""
    with _held(sheet, Status.KEYING) as held:
        last = held.lines.aggregate(last=Max("position"))["last"] or 0
        line = PaperLine(sheet=held, position=last + 1, keyed_by=by)
        _write(line, name, zip_code, is_attested)
    return line


def correct_line(*, line: PaperLine, name: str, zip_code: str, is_attested: bool, by: User) -> PaperLine:
    """Put a row right, while keying or, by whoever checks, before the sheet counts. Raises WrongState."""
    with _held(line.sheet, Status.KEYING, Status.KEYED) as held:
        _write(line, name, zip_code, is_attested)
        if held.status == Status.KEYED:
            audit.record(by=by, objects=[held], did="Corrected a row while checking", row=line.position)
    return line


def _write(line: PaperLine, name: str, zip_code: str, is_attested: bool) -> None:
    """The place is that of today's lines; what was known of the old words is looked up anew."""
    line.name, line.zip_code, line.is_attested = name, zip_code, is_attested
    line.state, line.district = state_of(zip_code), districts.find(zip_code).district
    line.signature = line.same_as = None
    line.save()
    find_doubles(sheet=line.sheet)
    line.refresh_from_db()


def find_doubles(*, sheet: PaperSheet) -> None:
    """Mark rows of people who are counted elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_ONLINE, [sheet.pk])
        cursor.execute(KNOWN_ON_PAPER, [sheet.pk])


def hand_on(*, sheet: PaperSheet, by: User) -> PaperSheet:
    """All rows are keyed: somebody else may check. Raises WrongState, NothingKeyed."""
    with _held(sheet, Status.KEYING) as held:
        if not held.lines.exists():
            raise NothingKeyed
        held.status = Status.KEYED
        held.save(update_fields=["status"])
        audit.record(by=by, objects=[held], did="Keyed a sheet", rows=held.lines.count())
    return held


def hand_back(*, sheet: PaperSheet, by: User) -> PaperSheet:
    """Rows are missing or wrong: to be keyed further. Raises WrongState."""
    with _held(sheet, Status.KEYED) as held:
        held.status = Status.KEYING
        held.save(update_fields=["status"])
        audit.record(by=by, objects=[held], did="Handed a sheet back")
    return held


def approve(*, sheet: PaperSheet, by: User) -> PaperSheet:
    """A second person finds the rows right: from now on they count. Raises WrongState, SamePerson."""
    with _held(sheet, Status.KEYED) as held:
        if held.keyed_by_id == by.pk or held.lines.filter(keyed_by=by).exists():
            raise SamePerson
        find_doubles(sheet=held)
        held.status, held.checked_by, held.settled_at = Status.CHECKED, by, timezone.now()
        held.save(update_fields=["status", "checked_by", "settled_at"])
        audit.record(by=by, objects=[held], did="Checked a sheet", rows=held.lines.count())
    return held


def set_aside(*, sheet: PaperSheet, by: User) -> PaperSheet:
    """It is not one of ours, or not to be trusted: none of its rows counts. Raises WrongState."""
    with _held(sheet, Status.KEYING, Status.KEYED, Status.CHECKED) as held:
        held.status, held.checked_by, held.settled_at = Status.SET_ASIDE, None, timezone.now()
        held.save(update_fields=["status", "checked_by", "settled_at"])
        PaperLine.objects.filter(same_as__sheet=held).update(same_as=None)
        audit.record(by=by, objects=[held], did="Set a sheet aside")
    return held


@transaction.atomic
def forget_photos() -> int:
    """Delete photos of sheets that were settled long ago. How many."""
    old = PaperSheet.objects.filter(settled_at__lt=timezone.now() - KEPT_PHOTOS).exclude(photo="")
    return _forget(list(old.select_for_update(skip_locked=True)))


@transaction.atomic
def forget_signers(*, petition: Petition) -> int:
    """Photos go, and of each row its name and ZIP code; state, district and whether it counts stay. How many rows."""
    sheets = list(petition.paper_sheets.select_for_update().order_by("pk"))
    _forget([sheet for sheet in sheets if sheet.photo])
    audit.forget(sheets)
    named = PaperLine.objects.filter(sheet__in=sheets).exclude(zip_code=NOWHERE)
    # A name of its own each, so that the look for doubles never takes two of them for one person.
    return named.update(name=Concat(Value("erased "), Cast("pk", TextField())), zip_code=NOWHERE)


def _forget(rows: list[PaperSheet]) -> int:
    private_files.forget(row.photo for row in rows)
    PaperSheet.objects.filter(pk__in=[row.pk for row in rows]).update(photo="", photo_width=0, photo_height=0)
    return len(rows)


def sweep() -> int:
    """Delete photos that a process left behind when it was killed. How many."""
    return private_files.sweep(FOLDER, named=set(PaperSheet.objects.exclude(photo="").values_list("photo", flat=True)))


@transaction.atomic
def look_again() -> None:
    """Each night: who signed on paper first and confirmed online since is counted online only."""
    for sheet in PaperSheet.objects.filter(status=Status.CHECKED, lines__signature=None).distinct().iterator():
        find_doubles(sheet=sheet)
