"""How long the pages take beside millions of signatures: those of the public, made anew each time, and the staff's.

Each is asked for again and again on a warm server process; what counts is the slow end. And seconds of what works
through many rows.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from csan.lib.addresses import email_key, normalise
from petitions import tallies
from petitions.delivering import packets
from petitions.fraud import desk
from petitions.models import Dimension, Petition, Signature, SignatureScore, Tally, Term
from tests.bench.figures import Series
from tests.bench.place import Failed
from tests.members.factories import StaffFactory

LOOKS = 12  # at each page, but for the first two, which warm it
WARMING = 2
SIGNERS = 10_000  # about so many has the member whose packet is made
OURS = ("members", "campaigns", "petitions")
LOADED = "@example.net"  # the addresses of what was loaded


@dataclass(frozen=True)
class Page:
    """An address, a word that stands on its page only where it is whole; `sent` makes it a POST that is followed."""

    address: str
    word: str
    sent: dict[str, str] = field(default_factory=dict)


def look_at_pages(petition: Petition) -> Iterator[tuple[str, Series]]:
    """Milliseconds of each page's looks, as they come. Raises Failed."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(StaffFactory(is_superuser=True))
    for name, page in pages(petition).items():
        yield name, look(client, page)


def look(client: Client, page: Page) -> Series:
    """Milliseconds of several looks. Raises Failed where the page does not say what it should."""
    took = []
    for _ in range(LOOKS + WARMING):
        begins = time.monotonic()
        if page.sent:
            answer = client.post(page.address, page.sent, follow=True, headers={"sec-fetch-site": "same-origin"})
        else:
            answer = client.get(page.address, follow=True)
        took.append((time.monotonic() - begins) * 1000)
        if answer.status_code != 200 or page.word not in answer.content.decode():
            raise Failed(f"{page.address} answers {answer.status_code} without “{page.word}”")
    return Series(took[WARMING:])


def slow_end(series: Series) -> float:
    """What nineteen of twenty looks stay under (the 95th percentile, by nearest rank)."""
    ranked = sorted(series.values)
    return ranked[max(0, -(-95 * len(ranked) // 100) - 1)]


def pages(petition: Petition) -> dict[str, Page]:
    """Everything that is looked at, by what it is called in the table."""
    return (
        public_pages(petition) | petition_pages(petition) | lists() | signature_lists(petition) | fraud_pages(petition)
    )


def public_pages(petition: Petition) -> dict[str, Page]:
    """What visitors see."""
    at = f"/petitions/{petition.slug}/"
    return {
        "the petition": Page(at, "Save Call Center Jobs"),
        "its count": Page(f"{at}count.json", f'"count": {tallies.count(petition)}'),
        "its results": Page(f"{at}results/", "California"),
        "results.csv": Page(f"{at}results.csv", "CA,CA-12,"),
        "embed": Page(f"{at}embed/", "Save Call Center Jobs"),
        "embedded counter": Page(f"{at}embed/?show=counter", f"{tallies.count(petition):,}"),
        "a story's signer": Page(f"/signature/{a_signature(petition).key}/", "Signer"),
    }


def petition_pages(petition: Petition) -> dict[str, Page]:
    """What staff see of one petition and of the members of Congress."""
    member = member_of(petition)
    bioguide, here = member.legislator.bioguide, [petition.pk]
    return {
        "whip board": Page(reverse("admin:petitions_whip_board", args=here), "Seated100"),
        "whip board, sorted": Page(reverse("admin:petitions_whip_board", args=here) + "?o=-signers", "Seated100"),
        "a member's page": Page(reverse("admin:petitions_whip_member", args=[petition.pk, bioguide]), "Alma Seated"),
        "how districts are known": Page(f"{detail(petition)}districts", "lies in one district"),
        "counts by local and source": Page(f"{detail(petition)}counts", "code35"),
    }


def detail(petition: Petition) -> str:
    """Where the staff's pages of one petition begin."""
    return reverse("admin:petitions_petition_changelist") + f"{petition.pk}/"


def lists() -> dict[str, Page]:
    """Every list of ours as it opens."""
    models = [
        model for label in OURS for model in apps.get_app_config(label).get_models() if model in admin.site._registry
    ]
    return {
        f"list: {model._meta.verbose_name_plural}": Page(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), 'id="content"'
        )
        for model in models
    }


def signature_lists(petition: Petition) -> dict[str, Page]:
    """The list of signatures, as staff filter and search it."""
    at = reverse("admin:petitions_signature_changelist")
    signer = newest(petition)
    signer.email_key = email_key(normalise(signer.email))  # loading gave every mailbox a key that is not its own
    signer.save(update_fields=["email_key"])
    asked = {
        "of a petition": f"petition__id__exact={petition.pk}",
        "pending": "status__exact=pending",
        "confirmed": "status__exact=confirmed",
        "set aside": "status__exact=invalid",
        "withdrawn": "status__exact=withdrawn",
        "with suspicion": "suspicion=1",
        "district split": "district_how__exact=split",
        "district chosen by the signer": "district_how__exact=chosen",
        "with a comment": "comment__isempty=0",
        "whose comment is shown": "story_shown_at__isempty=0",
        "of no known state": "state__isempty=1",
        "in Spanish": "language__exact=es",
        "by a code": "source_code=code35",
        "by a code nobody used": "source_code=nowhere",
        "by address": f"q={signer.email}",
        "by a name": f"q={signer.family_name}",
        "by a name many have": "q=Ana",
        "by a name nobody has": "q=Zyxwv",
        "by ZIP code": "q=20001",
        "by two words": f"q={signer.given_name}+{signer.family_name}",
        "hundredth page": "p=100",
        "set aside in Spanish": "status__exact=invalid&language__exact=es",
    }
    found = dict.fromkeys(["by address", "by a name", "by two words"], signer.email)
    return {
        f"signatures {name}": Page(f"{at}?{query}", found.get(name, 'id="changelist"'))
        for name, query in asked.items()
    }


def fraud_pages(petition: Petition) -> dict[str, Page]:
    """The desk, its queue, its evidence, and what a condition would set aside."""
    evidence = reverse("admin:petitions_signatureevidence_changelist")
    queue = reverse("admin:petitions_signaturescore_changelist")
    condition = reverse("admin:petitions_invalidation_add")
    here = str(petition.pk)
    kept = newest(petition).evidence
    waiting = SignatureScore.objects.waiting().select_related("signature").latest("pk").signature
    desk.count_up(petition)  # as a worker does every hour
    return {
        "fraud desk": Page(reverse("admin:petitions_fraudfigures_changelist"), "public mailboxes"),
        "review queue by a rule": Page(f"{queue}?rule=haste", "haste"),
        "review queue, decided": Page(f"{queue}?decided=fine", "Signer"),
        "review queue by address": Page(f"{queue}?q={waiting.email}", waiting.family_name),
        "evidence of a network": Page(f"{evidence}?q={kept.network_hash}", kept.network_hash),
        "evidence by browser": Page(f"{evidence}?agent__exact=Firefox", "Firefox"),
        "count of a network": Page(condition, "meant", {"network": kept.network_hash, "reason": "program"}),
        "count of a name": Page(condition, "meant", {"petition": here, "family_name": "Signer4*", "reason": "test"}),
    }


def newest(petition: Petition) -> Signature:
    """The last confirmed one of those that were loaded."""
    return petition.signatures.counting().filter(email__endswith=LOADED).latest("pk")


def a_signature(petition: Petition) -> Signature:
    """One whose comment is shown."""
    return petition.signatures.stories().latest("pk")


def member_of(petition: Petition) -> Term:
    """The representative whose district comes closest to so many signers."""
    counted = Tally.objects.filter(petition=petition, dimension=Dimension.DISTRICT).exclude(value="")
    seats = sorted(counted.values_list("value", "count"), key=lambda each: abs(each[1] - SIGNERS))
    terms = {term.seat: term for term in Term.objects.filter(chamber=Term.Chamber.HOUSE).select_related("legislator")}
    return next(terms[seat] for seat, _ in seats if seat in terms)


def work_through(petition: Petition) -> Iterator[tuple[str, float]]:
    """Seconds of what works through many rows."""
    by: User = StaffFactory(is_superuser=True)
    term = member_of(petition)
    signed = Signature.objects.counting().filter(petition=petition, district=term.seat).aggregate(n=Count("pk"))["n"]
    jobs: dict[str, Callable[[], Any]] = {
        f"packet of {signed} signatures": lambda: packets.make_at_once(petition=petition, term=term, by=by),
        "recount_tallies": lambda: tallies.recount(dry_run=True),
        "figures of the fraud desk": lambda: desk.count_up(petition),
        "drain": tallies.drain,
    }
    for name, work in jobs.items():
        begins = time.monotonic()
        work()
        yield name, time.monotonic() - begins
