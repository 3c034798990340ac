"""Address labels for the members on the whip board: the office in Washington, or the offices at home."""

from collections.abc import Iterable
from io import BytesIO

from django.contrib.auth.models import User
from django.db import models, transaction

from csan.lib import audit, labels
from csan.lib.labels import Label, Sheet
from petitions.delivering.whip import Row
from petitions.models import Office, Petition, Term

CAPITAL = " Washington DC "
CHAMBERS = {
    Term.Chamber.HOUSE: "United States House of Representatives",
    Term.Chamber.SENATE: "United States Senate",
}


class Where(models.TextChoices):
    """Which offices."""

    WASHINGTON = "washington", "the office in Washington"
    HOME = "home", "the offices at home"


class NoAddress(Exception):
    """Of none of them an address is known."""


def labels_of(rows: Iterable[Row], where: Where) -> list[Label]:
    """In the order of the rows; who has no address that we know has no label."""
    terms = [row.seat.term for row in rows if row.seat.term]
    if where == Where.WASHINGTON:
        return [_in_washington(term) for term in terms if term.address]
    offices: dict[int, list[Office]] = {}
    people = [term.legislator_id for term in terms]
    for office in Office.objects.filter(legislator__in=people).exclude(address="").order_by("city", "slug"):
        offices.setdefault(office.legislator_id, []).append(office)
    return [_at_home(term, office) for term in terms for office in offices.get(term.legislator_id, [])]


def _name(term: Term) -> str:
    return f"The Honorable {term.legislator}"


def _in_washington(term: Term) -> Label:
    street, capital, zip_code = term.address.partition(CAPITAL)
    town = f"Washington, DC {zip_code}" if capital else ""
    return [_name(term), CHAMBERS[Term.Chamber(term.chamber)], street, town]


def _at_home(term: Term, office: Office) -> Label:
    street = ", ".join(filter(None, [office.address, office.suite]))
    return [_name(term), office.building, street, f"{office.city}, {office.state} {office.zip_code}"]


@transaction.atomic
def take_along(
    *, petition: Petition, rows: list[Row], where: Where, sheet: Sheet, start: int, right: float, down: float, by: User
) -> bytes:
    """The labels as a PDF; that they were made is recorded. Raises NoAddress, labels.NoSuchPlace."""
    found = labels_of(rows, where)
    if not found:
        raise NoAddress
    file = BytesIO()
    labels.draw(file, found, sheet=sheet, title=f"Address labels: {where.label}", start=start, right=right, down=down)
    audit.record(by=by, objects=[petition], did="Made address labels", labels=len(found), to=where.value)
    return file.getvalue()
