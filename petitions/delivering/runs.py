"""Packets for all members, made in the background, one in each transaction: who is killed loses one at most."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit, bell, private_files
from csan.lib.archives import Entry, archive
from members import stepwise
from petitions.delivering import packets
from petitions.models import Packet, PacketRun, Petition, Term

BELL = "petitions.tasks.make_packets"
TURN = 5.0  # seconds that a worker stays with packets before other tasks get their turn
MOST_ATTEMPTS = 3
Status = PacketRun.Status


class NobodyChosen(Exception):
    """There is no member to make a packet for."""


class NotReady(Exception):
    """The packets are not made yet, or their files have been deleted."""


class WrongState(Exception):
    """It is not being made any more."""


@transaction.atomic
def begin(*, petition: Petition, terms: Iterable[Term], by: User) -> PacketRun:
    """Ask for packets; a worker makes them. Raises NobodyChosen."""
    keys = [term.pk for term in terms]
    if not keys:
        raise NobodyChosen
    run = PacketRun.objects.create(petition=petition, terms=keys, by=by)
    audit.record(by=by, objects=[run], did="Asked for packets", members=len(keys))
    bell.ring_on_commit(BELL)
    return run


@transaction.atomic
def cancel(*, run: PacketRun, by: User) -> None:
    """Make no more. Those that were made stay. Raises WrongState."""
    running = PacketRun.objects.filter(pk=run.pk, status=Status.RUNNING)
    if not running.update(status=Status.CANCELLED, finished_at=timezone.now()):
        raise WrongState
    audit.record(by=by, objects=[run], did="Packets cancelled")


def is_any_due() -> bool:
    """Whether a worker would find something."""
    return PacketRun.objects.due().exists()


def work(seconds: float = TURN) -> bool:
    """Go on with packets for about `seconds`. Whether there may be more that can be done now."""
    return stepwise.work_through(PacketRun.objects.due, step, seconds=seconds)


def step(pk: int) -> bool:
    """One packet of one run. False where another worker has it, or there is nothing to do."""
    return stepwise.attempt(pk, _step, what="round of packets", failed=_note_failure)


def _step(pk: int) -> bool:
    run = PacketRun.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
    if run is None:
        return False
    if run.seen < len(run.terms):
        run.made += _make_one(run, run.terms[run.seen])
        run.seen, run.attempts, run.resumes_at = run.seen + 1, 0, None
    if run.seen >= len(run.terms):
        run.status, run.finished_at = Status.DONE, timezone.now()
        audit.record(by=run.by, objects=[run], did="Made packets", packets=run.made)
    run.save(update_fields=["seen", "made", "attempts", "resumes_at", "status", "finished_at"])
    return True


def _make_one(run: PacketRun, term_pk: int) -> int:
    """How many were made: none where nobody signed, or where the term is not known any more."""
    term = Term.objects.select_related("legislator").filter(pk=term_pk).first()
    if term is None:
        return 0
    try:
        packets.make_packet(petition=run.petition, term=term, by=run.by, run=run)
    except packets.NobodySigned:
        return 0
    return 1


def _note_failure(pk: int, kind: str) -> None:
    """Try the packet again soon; give the run up after a few times."""
    now = timezone.now()
    row = PacketRun.objects.filter(pk=pk, status=Status.RUNNING)
    run = row.first()
    if run is None:
        return
    attempts = run.attempts + 1
    if attempts < MOST_ATTEMPTS:
        row.update(attempts=attempts, resumes_at=now + timedelta(seconds=5 * attempts))
        return
    row.update(status=Status.FAILED, attempts=attempts, finished_at=now, reason=f"A packet failed ({kind}).")


@transaction.atomic
def download(*, run: PacketRun, by: User) -> Iterator[bytes]:
    """All of them in one archive, sent as it is read. Recorded. Raises NotReady."""
    run.refresh_from_db()
    if run.status not in (Status.DONE, Status.CANCELLED) or not run.packets.exclude(pdf="").exists():
        raise NotReady
    audit.record(by=by, objects=[run], did="Downloaded packets", packets=run.packets.count())
    return archive(_entries(run))


def _entries(run: PacketRun) -> Iterator[Entry]:
    rows = Packet.objects.filter(run=run).exclude(pdf="").select_related("legislator").order_by("seat", "pk")
    for packet in rows:
        try:
            with packets.opened(packet) as files:
                for name, file in files:
                    yield name, packet.frozen_at, file
        except private_files.Gone:  # its thirty days ended while the archive was on its way
            continue


@transaction.atomic
def forget() -> None:
    """Runs none of whose files are left say so."""
    done = PacketRun.objects.filter(status__in=[Status.DONE, Status.CANCELLED])
    done.filter(finished_at__lt=timezone.now() - packets.KEPT).update(status=Status.FORGOTTEN)
