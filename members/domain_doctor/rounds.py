"""A round of the doctor's: asked for by staff, done by a worker step by step, kept as a row."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from csan.lib import audit, bell
from csan.lib.names import CouldNotAsk, Names
from members.domain_doctor import letters, records, site
from members.domain_doctor.findings import Finding, unknown
from members.models import DomainCheck

logger = logging.getLogger(__name__)

BELL = "members.tasks.examine_domains"
LONGEST = timedelta(minutes=5)  # after which a round's worker counts as dead
KEPT = timedelta(days=180)
Step = Callable[[], Iterator[Finding]]
Status = DomainCheck.Status


def last(kind: DomainCheck.Kind) -> DomainCheck | None:
    """The newest round of its kind that came to an end."""
    return DomainCheck.objects.filter(kind=kind, status=Status.DONE).order_by("-pk").first()


def ask(*, by: User) -> DomainCheck:
    """Ask for a round; the one at work where there is one."""
    try:
        with transaction.atomic():
            check = DomainCheck.objects.create(by=by)
            audit.record(by=by, objects=[check], did="Asked the domain doctor")
            bell.ring_on_commit(BELL)
            return check
    except IntegrityError:  # the constraint lets one be at work
        return DomainCheck.objects.filter(kind=DomainCheck.Kind.NETWORK).order_by("-pk")[0]


@transaction.atomic
def judge(*, text: str, by: User) -> DomainCheck:
    """Read the headers of a received letter. Only what they say of us is kept, not the headers."""
    now = timezone.now()
    check = DomainCheck.objects.create(
        kind=DomainCheck.Kind.HEADERS,
        status=Status.DONE,
        findings=[asdict(finding) for finding in letters.received(text)],
        by=by,
        started_at=now,
        checked_at=now,
    )
    audit.record(by=by, objects=[check], did="Showed a received letter to the domain doctor")
    return check


def steps(names: Names) -> list[Step]:
    """What a round looks at, in the order of the page."""
    return [
        lambda: records.spf(names),
        lambda: records.dkim(names),
        lambda: records.dmarc(names),
        lambda: records.mail_hosts(names),
        site.address,
        site.leaving,
        letters.newest_test,
    ]


def examine_waiting() -> bool:
    """Do the round that waits, if no other worker has begun it. Whether it was done."""
    now = timezone.now()
    check = DomainCheck.objects.filter(status=Status.QUEUED).first()
    if check is None:
        return False
    mine = DomainCheck.objects.filter(pk=check.pk)
    if not mine.filter(status=Status.QUEUED).update(status=Status.RUNNING, started_at=now, steps_done=0):
        return False
    held = mine.filter(status=Status.RUNNING, started_at=now)  # a later worker, taking over, fences this one off
    try:
        found: list[Finding] = []
        rounds = steps(Names())
        held.update(steps=len(rounds))
        for number, step in enumerate(rounds, start=1):
            found += step()
            if not held.update(steps_done=number):
                return False
    except CouldNotAsk as error:
        found = [unknown("Domain Name System", str(error))]
    except Exception:  # whatever it is, staff must see that the round failed
        logger.exception("The domain doctor failed")
        held.update(status=Status.FAILED, checked_at=timezone.now())
        return True
    held.update(status=Status.DONE, checked_at=timezone.now(), findings=[asdict(finding) for finding in found])
    return True


def recover() -> bool:
    """Put rounds of dead workers back. Whether a round waits."""
    dead = DomainCheck.objects.filter(status=Status.RUNNING, started_at__lt=timezone.now() - LONGEST)
    dead.update(status=Status.QUEUED, started_at=None)
    return DomainCheck.objects.filter(status=Status.QUEUED).exists()


def forget() -> int:
    """Delete rounds of half a year ago. How many."""
    return DomainCheck.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]
