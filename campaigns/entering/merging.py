"""What a local prints, with its own name and number in it, and the code that credits it with what comes of it.

The code is made when staff accept the local, so that opening a page or a file never writes anything.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.models import Registration, ToolkitItem, WeekOfAction
from csan.lib.languages import path_in_language
from csan.lib.urls import absolute
from members.models import SourceCode

PETITIONS = "/petitions/"
PETITION = re.compile(r"^/petitions/[-a-zA-Z0-9_]+/")
SHEET = re.compile(r"^/petitions/[-a-zA-Z0-9_]+/sheet/$")


@dataclass(frozen=True)
class Facts:
    """What is merged into a file: words as they are printed."""

    local: str
    city: str
    theme: str
    hashtag: str
    days: str
    signed: str
    address: str  # of the petition, as a phone reads it


@dataclass(frozen=True)
class Help:
    """Something of the week's toolkit, at the address that credits this local."""

    title: str
    text: str
    address: str


def make_codes(registrations: Iterable[Registration]) -> None:
    """A source code for each local and year that has none yet. Who asks at the same moment makes the same one."""
    rows = list(registrations)
    paths = {week.pk: petition_path(week) for week in {row.week for row in rows}}
    SourceCode.objects.bulk_create(
        [
            SourceCode(
                code=code_of(row),
                kind=SourceCode.Kind.SHEET,
                label=f"{row.local} in the Week of Action {row.week.year}"[:100],
                local=row.local,
                path=paths[row.week_id],
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def code_of(registration: Registration) -> str:
    """The local's code in this year, such as w26-1101. Numbers of other sectors may be the same, so they say theirs.

    One that would be too long is told by the row's number.
    """
    local, year = registration.local, registration.week.year % 100
    sector = "" if local.affiliate == "CWA" else f"{local.affiliate.split('-')[0].lower()}-"
    code = f"w{year:02d}-{sector}{local.number.lower()}"
    return code if re.fullmatch(r"[a-z0-9-]{1,20}", code) else f"w{year:02d}-id-{local.pk}"


def petition_path(week: WeekOfAction) -> str:
    """The petition that the week's toolkit speaks of first; the list of petitions where it speaks of none."""
    links = week.toolkit.filter(kind=ToolkitItem.Kind.LINK).order_by("position", "pk").values_list("path", flat=True)
    return next((found[0] for path in links if (found := PETITION.match(path))), PETITIONS)


def known_code(registration: Registration) -> str:
    """The local's code if it was made, else nothing."""
    codes = SourceCode.objects.filter(code=code_of(registration), local=registration.local_id)
    return codes.values_list("code", flat=True).first() or ""


def facts_of(registration: Registration) -> Facts:
    """In the reader's language."""
    week, code = registration.week, known_code(registration)
    place = registration.place
    city = registration.local.city or place.city
    role = registration.contact_role
    return Facts(
        local=str(registration.local),
        city=city,
        theme=week.local_theme,
        hashtag=week.hashtag,
        days=_("%(first)s to %(last)s")
        % {"first": date_format(week.starts_on, "DATE_FORMAT"), "last": date_format(week.ends_on, "DATE_FORMAT")},
        signed=f"{registration.contact_name}, {role}" if role else registration.contact_name,
        address=absolute(f"/go/{code}/" if code else path_in_language(petition_path(week))),
    )


def toolkit_of(registration: Registration) -> list[Help]:
    """The week's toolkit; a sheet to sign on is printed with the local's own code."""
    code = known_code(registration)
    return [
        Help(item.local_title, item.local_text, _merged(item, code))
        for item in registration.week.toolkit.order_by("position", "pk")
    ]


def _merged(item: ToolkitItem, code: str) -> str:
    credits_local = code and item.kind == ToolkitItem.Kind.LINK and SHEET.match(item.path)
    return f"{item.address}?{urlencode({'from': code})}" if credits_local else item.address
