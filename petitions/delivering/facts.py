"""What the cover of a packet says, gathered once and kept with it, so that it can be drawn again as it was."""

from typing import Any

from django.utils import timezone
from django.utils.text import Truncator

from csan.lib.states import name_of
from members.models import Local
from petitions import tallies
from petitions.delivering.seats import HOUSE
from petitions.delivering.whip import Row
from petitions.models import Measure, Petition, Signature

MOST_LOCALS = 8
STORIES = 3
LONGEST_STORY = 320
PRINTS = {
    "thank": "We thank you for standing with call-center workers on {bill}.",
    "markup": "We ask you to see that {bill} is marked up in the {committee}.",
    "cosponsor": "We ask you to cosponsor {bill}.",
    "introduce": "We ask you to bring the bill before this Congress again.",
    "wait": "",
}


def facts_of(petition: Petition, row: Row) -> dict[str, Any]:
    """Everything but the names and the comments, which are looked up when the cover is drawn."""
    term = row.seat.term
    assert term is not None, "a vacant seat gets no packet"
    version = petition.current_version
    last = row.last
    return {
        "member": f"{term.title} {term.legislator}",
        "place": row.seat.place,
        "is_house": row.seat.chamber == HOUSE,
        "title": version.title,
        "ask_of_petition": version.ask,
        "version": version.number,
        "ask": _ask(row),
        "bill": _bill(row.bill),
        "support": row.support,
        "since": last.on.isoformat() if last else "",
        "growth": row.growth,
        "total": tallies.count(petition),
        "states": tallies.by_state(petition),
        "locals": _locals(row.seat.state),
        "locals_in_all": row.locals,
        "state": name_of(row.seat.state),
        "day": timezone.localdate().isoformat(),
    }


def _ask(row: Row) -> str:
    bill = row.bill.bill if row.bill else ""
    committee = row.committees[0].name if row.committees else ""
    return PRINTS[row.step.kind].format(bill=bill, committee=committee)


def _bill(bill: Measure | None) -> str:
    return f"{bill}: {bill.title}" if bill else ""


def _locals(state: str) -> list[str]:
    """The largest first; in which district their members live is not known."""
    rows = list(Local.objects.filter(state=state))
    rows.sort(key=lambda local: (-(local.size or 0), str(local)))
    return [f"{local}{f', {local.city}' if local.city else ''}" for local in rows[:MOST_LOCALS]]


def stories_for(petition: Petition, row: Row) -> list[int]:
    """Three comments that staff show: of the district, else of the state, else of anywhere; the newest first."""
    shown = petition.signatures.stories().order_by("-story_shown_at", "-pk")
    places = [{"district": row.seat.code}, {"state": row.seat.state}, {}]
    found: list[int] = []
    for place in places:
        rows = shown.filter(**place).exclude(pk__in=found).values_list("pk", flat=True)
        found += rows[: STORIES - len(found)]
        if len(found) == STORIES:
            break
    return found


def stories_of(ids: list[int]) -> list[tuple[str, str]]:
    """The comments that may still be shown, with the name under each, as far as its signer lets it be said."""
    rows = Signature.objects.stories().filter(pk__in=ids)
    by_id = {row.pk: row for row in rows}
    stories = [by_id[pk] for pk in ids if pk in by_id]
    return [
        (Truncator(" ".join(row.comment.split())).chars(LONGEST_STORY), row.story_name(tells_state=True))
        for row in stories
    ]
