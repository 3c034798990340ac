"""A packet for one member: its signatures fixed at a moment, its files, the page by which anybody verifies it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from csan.lib import audit, private_files
from csan.lib.urls import absolute_reverse
from petitions.delivering import annex as annexes
from petitions.delivering import facts, pages, whip
from petitions.delivering.annex import Annex
from petitions.delivering.cover import Cover
from petitions.delivering.seats import HOUSE, seat_of
from petitions.models import Packet, PacketRun, PacketSignature, Petition, Signature, Term

FOLDER = "packets"
KEPT = timedelta(days=30)  # the files: they hold names
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
# More would keep a web process busy for too long; a worker makes them.
MOST_AT_ONCE = 20_000
TAKE = """
    INSERT INTO petitions_packetsignature (packet_id, signature_id)
    SELECT %s, id FROM petitions_signature WHERE petition_id = %s AND status = 'confirmed' AND {place} = %s
"""


class NobodySigned(Exception):
    """The seat has no confirmed signature to deliver."""


class TooMany(Exception):
    """So many names that a worker must make the packet."""


class Changed(Exception):
    """Signers corrected or erased something since, so the packet cannot be made again as it was."""


class NotKept(Exception):
    """The files have been deleted."""


@dataclass(frozen=True)
class Download:
    """A file on its way out."""

    file: IO[bytes]
    name: str
    content_type: str


def signers(petition: Petition, term: Term) -> QuerySet[Signature]:
    """Whose names go to this member."""
    rows = Signature.objects.counting().named().filter(petition=petition)
    return rows.filter(district=term.seat) if term.chamber == HOUSE else rows.filter(state=term.state)


def make_at_once(*, petition: Petition, term: Term, by: User) -> Packet:
    """What the button does: the packet, unless it takes a worker. Raises TooMany, NobodySigned."""
    if signers(petition, term)[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
        raise TooMany
    return make_packet(petition=petition, term=term, by=by)


@transaction.atomic
def make_packet(*, petition: Petition, term: Term, by: User | None, run: PacketRun | None = None) -> Packet:
    """Fix the signatures as they stand now, and write both files. Raises NobodySigned."""
    row = whip.row_of(petition, seat_of(term))
    packet = Packet.objects.create(
        petition=petition,
        version=petition.current_version,
        legislator=term.legislator,
        run=run,
        code="".join(secrets.choice(LETTERS) for _ in range(10)),
        seat=term.seat,
        on_paper=row.on_paper,
        facts=facts.facts_of(petition, row),
        story_ids=facts.stories_for(petition, row),
        by=by,
    )
    _take(packet, term)
    with annexes.written(packet) as annex:
        if not annex.count:
            raise NobodySigned
        packet.count, packet.digest = annex.count, annex.digest
        _keep(packet, annex)
    audit.record(by=by, objects=[packet], did="Made a packet", signatures=packet.count)
    return packet


def _take(packet: Packet, term: Term) -> None:
    place = "district" if term.chamber == HOUSE else "state"
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(place=place), [packet.pk, packet.petition_id, term.seat])


def _keep(packet: Packet, annex: Annex) -> None:
    """Both files, and the row that names them."""
    name = f"{FOLDER}/{packet.code}-{secrets.token_hex(8)}"
    with TemporaryFile() as file:
        pages.draw(file, cover_of(packet), annex.lines())
        file.seek(0)
        packet.pdf = private_files.keep(f"{name}.pdf", file)
    packet.annex = private_files.keep(f"{name}.csv", annex.file)
    packet.forgotten_at = None
    packet.save(update_fields=["count", "digest", "pdf", "annex", "forgotten_at"])


def cover_of(packet: Packet) -> Cover:
    """What the packet's first page says."""
    return Cover(
        facts=packet.facts,
        seat=packet.seat,
        count=packet.count,
        on_paper=packet.on_paper,
        digest=packet.digest,
        code=packet.code,
        address=absolute_reverse("petitions:verify", packet.code),
        stories=facts.stories_of(packet.story_ids),
        annex_pages=pages.pages_for(packet.count),
    )


@transaction.atomic
def make_again(*, packet: Packet, by: User) -> Packet:
    """The same packet with the same hash, after its files were deleted. Raises Changed."""
    held = Packet.objects.select_for_update().get(pk=packet.pk)
    if held.pdf:
        return held
    with annexes.written(held) as annex:
        if annex.digest != held.digest:
            raise Changed
        _keep(held, annex)
    audit.record(by=by, objects=[held], did="Made a packet again", signatures=held.count)
    return held


@transaction.atomic
def download(*, packet: Packet, kind: str, by: User) -> Download:
    """`pdf` or `csv`; each download is recorded. Raises NotKept."""
    name = {"pdf": packet.pdf, "csv": packet.annex}.get(kind, "")
    if not name:
        raise NotKept
    try:
        file = private_files.open_file(name)
    except private_files.Gone as error:
        raise NotKept from error
    audit.record(by=by, objects=[packet], did=f"Downloaded a packet ({kind})", signatures=packet.count)
    content_type = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}[kind]
    return Download(file, f"{file_name(packet)}.{kind}", content_type)


def file_name(packet: Packet) -> str:
    """What it is called on the desk of whoever downloads it."""
    family = "".join(letter for letter in packet.legislator.family_name if letter.isalnum()) or "member"
    return f"{packet.seat}-{family}-{timezone.localdate(packet.frozen_at):%Y-%m-%d}"


def standing(packet: Packet) -> int | None:
    """How many of its signatures still stand; None once that is not kept any more."""
    rows = packet.lines.all()
    if not rows.exists():
        return None
    return rows.filter(signature__status=Signature.Status.CONFIRMED).count()


@transaction.atomic
def forget() -> int:
    """Delete the files of packets older than thirty days. How many packets.

    What was never delivered forgets its signatures too; what was, keeps them, so that a signer can read where it went.
    """
    old = Packet.objects.exclude(pdf="").filter(frozen_at__lt=timezone.now() - KEPT)
    return _forget(list(old.select_for_update(skip_locked=True)))


@transaction.atomic
def forget_of(*, petition: Petition) -> int:
    """The same with all packets of a petition, however new they are."""
    return _forget(list(petition.packets.exclude(pdf="").select_for_update().order_by("pk")))


def _forget(rows: list[Packet]) -> int:
    private_files.forget(name for row in rows for name in (row.pdf, row.annex))
    pks = [row.pk for row in rows]
    Packet.objects.filter(pk__in=pks).update(pdf="", annex="", forgotten_at=timezone.now())
    PacketSignature.objects.filter(packet__in=pks, packet__deliveries=None).delete()
    return len(rows)


def sweep() -> int:
    """Delete files that a worker left behind when it was killed. How many."""
    named = {name for pair in Packet.objects.exclude(pdf="").values_list("pdf", "annex") for name in pair}
    return private_files.sweep(FOLDER, named=named)


@contextmanager
def opened(packet: Packet) -> Iterator[list[tuple[str, IO[bytes]]]]:
    """Both files with the names they have in an archive; none where they are gone."""
    found: list[tuple[str, IO[bytes]]] = []
    try:
        for kind, name in (("pdf", packet.pdf), ("csv", packet.annex)):
            if name:
                found.append((f"{file_name(packet)}.{kind}", private_files.open_file(name)))
        yield found
    finally:
        for _, file in found:
            file.close()
