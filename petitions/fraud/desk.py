"""The figures of a petition's signatures: counted in the background into one row a petition, read in no time.

So the staff page and the public card cost the same with five million signatures as with five; both say of when they
are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import mail_domains
from petitions import surge
from petitions.fraud.rules import FREE, limits
from petitions.models import FraudFigures, FraudMark, Invalidation, Petition, SignatureScore, Trend

BELL = "petitions.tasks.count_fraud_figures"
RECOUNTED = "recounted"
MOST = 1000  # of what waits for review; more are only "many"
DAY = timedelta(days=1)

COUNT = """
    SELECT
        count(*) AS signed,
        count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
        count(*) FILTER (WHERE status = 'pending') AS pending,
        count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
        count(*) FILTER (WHERE status = 'invalid') AS invalid,
        count(kept.signature_id) AS kept,
        count(*) FILTER (WHERE kept.signature_id IS NOT NULL AND position('+' IN email) > 0) AS tagged,
        count(*) FILTER (WHERE seconds < %(haste)s) AS fast,
        count(*) FILTER (WHERE event_code <> '') AS event,
        count(*) FILTER (WHERE agent = 'program') AS program,
        count(*) FILTER (WHERE confirm_network_hash <> '') AS confirmed_somewhere,
        count(*) FILTER (WHERE confirm_network_hash <> '' AND confirm_network_hash <> network_hash) AS moved,
        coalesce(sum(repeats), 0) AS repeats
    FROM petitions_signature AS signed
    LEFT JOIN petitions_signatureevidence AS kept ON kept.signature_id = signed.id
    WHERE signed.petition_id = %(petition)s
"""
NETWORKS = """
    SELECT count(*), coalesce(max(n), 0) FROM (
        SELECT count(*) AS n FROM petitions_signatureevidence
        WHERE petition_id = %(petition)s AND network_hash <> '' GROUP BY network_hash
    ) AS networks
"""
DOMAINS = """
    SELECT mail_domain, count(*) FROM petitions_signatureevidence WHERE petition_id = %(petition)s
    GROUP BY mail_domain
"""
REASONS = """
    SELECT reason, count(*) FROM petitions_takensignature AS taken
    JOIN petitions_invalidation AS job ON job.id = taken.job_id
    JOIN petitions_signature AS signed ON signed.id = taken.signature_id
    WHERE taken.released_at IS NULL AND signed.petition_id = %(petition)s GROUP BY reason
"""


@transaction.atomic
def count_up(petition: Petition) -> FraudFigures:
    """Count a petition's figures anew."""
    asked = {"petition": petition.pk, "haste": limits().haste_seconds}
    with connection.cursor() as cursor:
        cursor.execute(COUNT, asked)
        names = [column.name for column in cursor.description]
        numbers = {name: int(value) for name, value in zip(names, cursor.fetchone(), strict=True)}
        cursor.execute(NETWORKS, asked)
        numbers["networks"], numbers["largest_network"] = cursor.fetchone()
        cursor.execute(DOMAINS, asked)
        numbers |= _of_domains(dict(cursor.fetchall()))
        cursor.execute(REASONS, asked)
        reasons = dict(cursor.fetchall())
    found, _is_new = FraudFigures.objects.update_or_create(
        petition=petition, defaults={"numbers": {**numbers, "reasons": reasons}, "counted_at": timezone.now()}
    )
    return found


def _of_domains(counts: dict[str, int]) -> dict[str, int]:
    def of(is_one: Callable[[str], bool]) -> int:
        return sum(count for domain, count in counts.items() if is_one(domain))

    return {
        "domains": len(counts),
        "free": of(lambda domain: domain in FREE),
        "disposable": of(lambda domain: mail_domains.is_disposable(f"@{domain}")),
        "employer": of(lambda domain: mail_domains.is_employers(f"@{domain}")),
    }


def count_all() -> int:
    """Count every petition's figures anew, each in a transaction of its own. How many petitions."""
    petitions = list(Petition.objects.order_by("pk"))
    for petition in petitions:
        count_up(petition)
    return len(petitions)


def note_recount() -> None:
    """The counts have just been compared with the signatures themselves."""
    FraudMark.objects.update_or_create(name=RECOUNTED, defaults={"at": timezone.now()})


@dataclass(frozen=True)
class Share:
    """A figure of the staff page. `is_remarkable`: beyond what petitions usually show, so worth a look."""

    label: str
    count: int
    of: int
    usual: str
    is_remarkable: bool

    @property
    def percent(self) -> float:
        return 100 * self.count / self.of if self.of else 0.0


# What, its label, of what, and from which to which share is usual, in hundredths.
SHARES = (
    ("confirmed", "confirmed by the letter", "signed", 50, 100),
    ("free", "public mailboxes", "kept", 40, 98),
    ("disposable", "mailboxes thrown away after use", "kept", 0, 1),
    ("employer", "mailboxes of an employer", "kept", 0, 30),
    ("tagged", "addresses with a tag (name+tag@)", "kept", 0, 3),
    ("networks", "distinct networks", "kept", 30, 100),
    ("largest_network", "from the largest network", "kept", 0, 10),
    ("fast", "sent faster than people type", "kept", 0, 10),
    ("program", "sent by something that names itself a program", "kept", 0, 1),
    ("event", "signed at an event", "kept", 0, 100),
    ("moved", "confirmed from another network", "confirmed_somewhere", 0, 70),
    ("repeats", "signed again by the same mailbox", "kept", 0, 15),
)
FEWEST = 50  # signatures; of fewer a share says nothing


def shares(found: FraudFigures) -> list[Share]:
    """Every share of a petition, with the bounds of what is usual."""
    numbers = found.numbers
    result = []
    for name, label, base, low, high in SHARES:
        count, of = numbers.get(name, 0), numbers.get(base, 0)
        is_outside = of >= FEWEST and not low <= 100 * count / of <= high
        result.append(Share(label, count, of, f"{low}–{high} %", is_outside))
    return result


@dataclass(frozen=True)
class Figures:
    """What may be said in public of how clean a petition's count is."""

    counted_at: datetime
    signed: int
    confirmed: int
    set_aside: int
    reasons: tuple[tuple[str, int], ...]  # the label of a group, and how many
    duplicates_merged: int
    recounted_at: datetime | None

    @property
    def confirmed_share(self) -> float:
        """Between 0 and 1."""
        return self.confirmed / self.signed if self.signed else 0.0


def figures(petition: Petition) -> Figures | None:
    """The figures as last counted; None where nobody has counted yet."""
    found = FraudFigures.objects.filter(pk=petition.pk).first()
    if found is None:
        return None
    numbers, by_job = found.numbers, found.numbers["reasons"]
    named = [(str(reason.label), by_job[reason]) for reason in Invalidation.Reason if by_job.get(reason)]
    if rest := max(numbers["invalid"] - sum(by_job.values()), 0):
        named.append((_("after a look by staff"), rest))
    return Figures(
        counted_at=found.counted_at,
        signed=numbers["signed"],
        confirmed=numbers["confirmed"],
        set_aside=numbers["invalid"],
        reasons=tuple(named),
        duplicates_merged=numbers["repeats"],
        recounted_at=FraudMark.objects.filter(name=RECOUNTED).values_list("at", flat=True).first(),
    )


@dataclass(frozen=True)
class Today:
    """What the tile on the staff's first page says."""

    to_review: int
    remarkable: int
    is_paused: bool

    @property
    def are_many(self) -> bool:
        return self.to_review >= MOST


def today(user: User) -> Today | None:
    """For those who may look into it; None for everybody else."""
    if not user.has_perm("petitions.review_fraud"):
        return None
    waiting = SignatureScore.objects.waiting().filter(score__gte=limits().review_score)
    return Today(
        to_review=waiting.order_by()[:MOST].count(),
        remarkable=Trend.objects.filter(hour__gte=timezone.now() - DAY, is_remarkable=True).count(),
        is_paused=surge.switches().is_paused,
    )
