"""Locals that are not in the week yet, by district, with the members whom nobody reaches."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from campaigns.models import Registration, WeekOfAction
from csan.lib import audit
from members.models import Local

HEADINGS = (
    "district", "affiliate", "local", "name", "city", "state", "members", "last_year", "contact", "phone", "email",
)  # fmt: skip


@dataclass(frozen=True)
class District:
    """A district's locals that are not in: how many members they have, and of how many we do not know."""

    name: str
    locals: list[Local]

    @property
    def members(self) -> int:
        """Of the locals whose members are known: in the directory, else from their last registration."""
        return sum(members_of(local) or 0 for local in self.locals)

    @property
    def unknown(self) -> int:
        """How many locals it is not known of."""
        return sum(members_of(local) is None for local in self.locals)


def not_in(week: WeekOfAction, known: QuerySet[Local]) -> QuerySet[Local]:
    """Locals without a living registration for the week, each with whom we knew there; the larger first.

    Who was typed by hand and belongs nowhere yet is not among them.
    """
    living = Registration.objects.living().filter(week=week, local=OuterRef("pk"))
    before = Registration.objects.filter(
        local=OuterRef("pk"), week__year__lt=week.year, status=Registration.Status.APPROVED
    ).order_by("-week__year")
    rows = known.exclude(district="", state="").filter(~Exists(living))
    rows = rows.annotate(
        last_year=Subquery(before.values("week__year")[:1]),
        last_count=Subquery(before.values("members_count")[:1]),
        last_contact=Subquery(before.values("contact_name")[:1]),
        last_phone=Subquery(before.values("phone")[:1]),
        last_email=Subquery(before.values("email")[:1]),
    )
    return rows.order_by("district", F("size").desc(nulls_last=True), "affiliate", "number")


def by_district(rows: QuerySet[Local]) -> list[District]:
    """The same, parted."""
    return [District(name, list(locals_)) for name, locals_ in groupby(rows, lambda local: local.district)]


def members_of(local: Local) -> int | None:
    """Its members in the directory, else the customer-service members it last told us of. From a row of `not_in`."""
    return local.size if local.size is not None else local.last_count  # type: ignore[attr-defined]  # annotated


@transaction.atomic
def take_along(*, week: WeekOfAction, rows: QuerySet[Local], by: User) -> Iterator[tuple[Any, ...]]:
    """The lines of a file, headings first: it holds names and telephones, so that it was taken is recorded."""
    found = list(rows)
    audit.record(by=by, objects=[week], did="Exported locals not yet in", locals=len(found))
    return iter([HEADINGS, *(_line(local) for local in found)])


def _line(local: Any) -> tuple[Any, ...]:
    return (
        local.district, local.affiliate, local.number, local.name, local.city, local.state, members_of(local),
        local.last_year, local.last_contact, local.last_phone, local.last_email,
    )  # fmt: skip
