"""Locals on a running site: with a box on its way, waiting for a change, telling of a week. Nobody in them exists.

Run inside the program, which has the sample content: `from tests.e2e.local_pages import make; make()`.
"""

from dataclasses import replace
from datetime import date

from django.contrib.auth.models import User

from campaigns.boxes import shipping
from campaigns.entering import registering
from campaigns.models import Box, BoxLine, Item, Registration, ShipTo, ToolkitItem, WeekOfAction
from campaigns.private_page import changing, colleagues
from campaigns.reports import moderating, report_photos, reporting
from csan.lib.addresses import email_key
from csan.lib.pictures import plain
from members.models import Local
from tests.e2e.acts import YEAR
from tests.pictures import photo

THINGS = (
    ("Petition sheet", "Hoja de la petición", 12, "140 members: one for every 12 = 12"),
    ("Red button", "Botón rojo", 150, "140 members + 5 % = 147 → 15 packs of 10"),
    ("Poster for the break room", "Cartel para la sala de descanso", 2, "2 for each local"),
)


def make() -> None:
    """Print the paths of their private pages, and of the one that asks whether the box arrived."""
    by = User.objects.earliest("pk")
    Local.objects.bulk_create(
        [Local(number=number, city="Salisbury", state="MD", district="2-13") for number in ("2196", "2197", "2198")]
    )
    boxed, frozen, asking = (_accepted(number, by) for number in ("7311", "7312", "7313"))
    telling = _accepted("7314", by, year=2017)  # whose week is over
    _tell(telling, by)
    (box,) = shipping.create_boxes(registrations=[boxed], by=by)
    _fill(box)
    shipping.ship_box(box=box, carrier="ups", tracking_number="1Z999AA10173110001", by=by)
    colleagues.add_colleague(registration=boxed, name="Lee Park", role="Steward", email="pages-lee@example.org")
    Registration.objects.filter(pk__in=[frozen.pk, asking.pk]).update(extended_until=date(2020, 1, 1))
    _ask(Registration.objects.get(pk=asking.pk))
    print(*(f"/registration/{each.key}/" for each in (boxed, frozen, asking, telling)), f"arrived/{box.code}/")


def _ask(registration: Registration) -> None:
    """The freeze is over for this one, and it asks for a change."""
    details = replace(registering.details_of(registration), members_count=180, ship_city="Baltimore", ship_state="MD")
    changing.ask_change(registration=registration, details=details, why="We grew", asked_by="Ruth Okafor")


def _tell(registration: Registration, by: User) -> None:
    """It has sent a photo, which is on the wall; its words wait."""
    reporting.tell_words(registration=registration, sentence="Forty of us signed before lunch.", may_be_shown=True)
    file = photo(size=(960, 720), secret="")
    alt = "Six people in red shirts at a table with sign-in sheets."
    sent = report_photos.add(registration=registration, photo=plain(file), alt=alt, has_consent=True)
    moderating.approve_photo(photo=sent, by=by)


def _accepted(number: str, by: User, *, year: int = YEAR) -> Registration:
    week, email = WeekOfAction.objects.get(year=year), f"pages-{number}@example.org"
    registration = Registration.objects.create(
        week=week, local=Local.objects.get_or_create(affiliate="CWA", number=number)[0], contact_name="Ruth Okafor",
        contact_role="President", email=email, email_key=email_key(email), phone="202-555-0134", members_count=140,
    )  # fmt: skip
    ShipTo.objects.create(
        registration=registration, name="Union hall", address1="501 3rd Street NW", city="Washington", state="DC",
        zip_code="20001",
    )  # fmt: skip
    registering.approve(registrations=[registration], by=by)
    return registration


def _fill(box: Box) -> None:
    twin = ToolkitItem.objects.filter(week__year=YEAR).first()
    for at, (name, name_es, quantity, reason) in enumerate(THINGS):
        item = Item.objects.create(sku=f"pages-{at}", name=name, name_es=name_es, print_twin=None if at else twin)
        BoxLine.objects.create(box=box, item=item, quantity=quantity, reason=reason)
