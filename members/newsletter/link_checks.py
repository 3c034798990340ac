"""Whether the links of an issue work: asked for by staff, looked at by workers, remembered in rows.

A row is claimed before it is looked at and settled after, so that no transaction is open while a slow site answers.
The database sees to it that no two workers are at the same host. Who dies with a row in hand loses it after a while.
"""

import logging
import time
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import timedelta
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from csan.lib import audit, bell, visiting
from csan.lib.visiting import Visit
from members.models import Issue, LinkCheck
from members.newsletter.dry_run import dry_run
from members.newsletter.links import LONGEST

logger = logging.getLogger(__name__)

BELL = "members.tasks.look_at_links"
FRESH = timedelta(days=1)  # after which a link is looked at anew when somebody asks
SOON = timedelta(minutes=15)  # the same, of one that could not be checked
LEASE = timedelta(minutes=2)  # of silence, after which whoever had a row in hand counts as dead
AT_ONCE = 8  # links, each of another host
TURN = 20.0  # seconds after which a worker takes no more


class NotInDoubt(Exception):
    """The link is not one that could not be checked; it was looked at again meanwhile."""


def ask(issue: Issue, *, anew: bool = False) -> list[LinkCheck]:
    """Have every link of the issue looked at that was not lately; with `anew`, every one. All of its links' rows."""
    return ask_for(dry_run(issue).urls, anew=anew)


@transaction.atomic
def ask_for(urls: Iterable[str], *, anew: bool = False) -> list[LinkCheck]:
    """The same of these addresses. Those that are too long for a row are left out."""
    wanted = [url for url in urls if len(url) <= LONGEST]
    LinkCheck.objects.bulk_create((LinkCheck(url=url, host=host_of(url)) for url in wanted), ignore_conflicts=True)
    now = timezone.now()
    known = LinkCheck.objects.filter(url__in=wanted, checked_at__gte=F("asked_at"))
    in_doubt = Q(state=LinkCheck.State.UNKNOWN, accepted_at=None, checked_at__lt=now - SOON)
    stale = known if anew else known.filter(Q(checked_at__lt=now - FRESH) | in_doubt)
    # In an order that is everybody's, so that two who ask at the same time do not wait for each other in a circle.
    stale_ids = list(stale.order_by("pk").select_for_update().values_list("pk", flat=True))
    LinkCheck.objects.filter(pk__in=stale_ids).update(asked_at=now)
    rows = checks_of(wanted)
    if any(row.is_waiting for row in rows):
        bell.ring_on_commit(BELL)
    return rows


def ask_after_open_issues() -> None:
    """Ask for the links of every issue that has yet to go out."""
    for issue in Issue.objects.filter(status__in=Issue.BEFORE):
        ask(issue)


def checks_of(urls: Iterable[str]) -> list[LinkCheck]:
    """What is known of these addresses, in their order; of one nobody asked for, nothing."""
    wanted = list(urls)
    rows = {row.url: row for row in LinkCheck.objects.filter(url__in=wanted).select_related("accepted_by")}
    return [rows[url] for url in wanted if url in rows]


def host_of(url: str) -> str:
    """The host of an address; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""


def look_at_waiting() -> int:
    """Look at links that wait, several hosts at a time, for one turn. How many were looked at."""
    until = time.monotonic() + TURN
    looks: dict[Future[Visit], LinkCheck] = {}
    count = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:  # threads that visit; the rows stay with this one
        while True:
            while len(looks) < AT_ONCE and time.monotonic() < until and (row := claim()):
                looks[pool.submit(visiting.visit, row.url)] = row
            if not looks:
                return count
            for done in wait(looks, return_when=FIRST_COMPLETED).done:
                count += settle(looks.pop(done), _found_by(done))


def _found_by(done: Future[Visit]) -> Visit:
    """What a visit found; a fault of our own must not cost the other links theirs."""
    if (error := done.exception()) is not None:
        logger.error("A look at a link failed", exc_info=error)
        return Visit(visiting.Found.UNKNOWN, "could not be looked at, through a fault of ours")
    return done.result()


def claim() -> LinkCheck | None:
    """Take the link that has waited longest, of a host where nobody is; None where there is none."""
    now = timezone.now()
    busy = LinkCheck.objects.filter(host=OuterRef("host"), claimed_at__isnull=False).exclude(pk=OuterRef("pk"))
    free = LinkCheck.objects.waiting().filter(~Exists(busy), Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE))
    try:
        with transaction.atomic():
            row = free.select_for_update(skip_locked=True, of=("self",)).order_by("asked_at", "pk").first()
            if row is not None:
                row.claimed_at = now
                row.save(update_fields=["claimed_at"])
            return row
    except IntegrityError:
        return None  # another worker was faster at that host; the bell rings again


def settle(row: LinkCheck, visit: Visit) -> bool:
    """Write down what was found, unless the row has been taken from whoever found it. Whether it was written."""
    now = timezone.now()
    # What somebody accepted stays so while nobody can tell better.
    accepted = {} if visit.found is visiting.Found.UNKNOWN else {"accepted_by": None, "accepted_at": None}
    mine = LinkCheck.objects.filter(pk=row.pk, claimed_at=row.claimed_at)
    return bool(
        mine.update(state=visit.found.value, detail=visit.why[:200], checked_at=now, claimed_at=None, **accepted)
    )


@transaction.atomic
def accept(*, issue: Issue, check: LinkCheck, by: User) -> None:
    """Somebody opened a link that no worker could check, and answers for it. Raises NotInDoubt."""
    in_doubt = LinkCheck.objects.filter(pk=check.pk, state=LinkCheck.State.UNKNOWN)
    if not in_doubt.update(accepted_by=by, accepted_at=timezone.now()):
        raise NotInDoubt
    audit.record(by=by, objects=[issue], did="Accepted a link that could not be checked", link=check.url)
