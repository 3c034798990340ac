"""How long the desk's pages take beside thousands of registrations, all of them made up."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.desk import attention, daily
from campaigns.models import OtherContact, Registration, ShipTo, WeekOfAction
from csan.lib.addresses import email_key
from members.models import Local
from tests.bench.figures import Series
from tests.bench.staff_pages import Page, look
from tests.campaigns.factories import WeekFactory, WeekTaskFactory, day

LOCALS = 2_000
DISTRICTS = ("1", "2-13", "3", "4", "6", "7", "9")


def fill(locals_: int = LOCALS) -> WeekOfAction:
    """Last year's week and this year's: each local was in last year, four of five are in again, a quarter in doubt."""
    last, week = WeekFactory(year=2026), WeekFactory(year=2027)
    rows = Local.objects.bulk_create(
        Local(number=str(50_000 + at), district=DISTRICTS[at % 7], state="NY", city="Albany", size=100 + at)
        for at in range(locals_)
    )
    before = [_registration(last, local, at) for at, local in enumerate(rows)]
    now = [_registration(week, local, at) for at, local in enumerate(rows) if at % 5]
    for at, row in enumerate(before):
        row.status, row.approved_at, row.members_count = "approved", timezone.now(), 50 if at % 12 else 500
    for at, row in enumerate(now):
        row.suspicion, row.needs_staff_help = int(at % 40 == 0), at % 20 == 0
    made = Registration.objects.bulk_create([*before, *now])
    ShipTo.objects.bulk_create(_place(row, at) for at, row in enumerate(made))
    OtherContact.objects.bulk_create(
        OtherContact(registration=row, name="Sam", email=f"sam{row.pk}@example.net", phone="1") for row in made[::30]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has done by the time anybody looks
    return week


def look_at_pages(week: WeekOfAction, staff: User) -> Iterator[tuple[str, Series]]:
    """Milliseconds of each page's looks. Raises Failed."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    for name, page in pages(week).items():
        yield name, look(client, page)


def pages(week: WeekOfAction) -> dict[str, Page]:
    """What staff look at each day."""
    at = reverse("admin:campaigns_registration_changelist")
    weeks = reverse("admin:campaigns_weekofaction_changelist")
    one = week.registrations.latest("pk")
    return {
        "registrations": Page(at, "Needs attention"),
        "registrations in doubt": Page(f"{at}?attention=any", "Needs attention"),
        "a registration": Page(reverse("admin:campaigns_registration_change", args=[one.pk]), "Letters"),
        "needs attention": Page(reverse("admin:campaigns_registration_attention"), "Reasons"),
        "calls": Page(reverse("admin:campaigns_registration_calls"), "to make today"),
        "locals not yet in": Page(reverse("admin:campaigns_registration_not_in"), "District 2-13"),
        "invite": Page(f"{weeks}{week.pk}/invite/", "letter"),
        "the first page": Page(reverse("admin:index"), "need attention"),
    }


def work(week: WeekOfAction, staff: User) -> Iterator[tuple[str, float]]:
    """Seconds of what is done once: sort out all that waits, and write the letters of a morning."""
    begins = time.monotonic()
    found = attention.sort_out(week.registrations.all())
    yield f"{len(found.ready)} of {week.registrations.count()} sorted out", time.monotonic() - begins
    WeekTaskFactory(week=week)
    week.registrations.update(status="approved", approved_at=timezone.now(), approved_by=staff)
    WeekOfAction.objects.filter(pk=week.pk).update(starts_on=day(20), ends_on=day(24))
    begins = time.monotonic()
    noon = timezone.localtime().replace(hour=12) + timedelta(days=20)
    yield f"{daily.write_tasks(now=noon)} letters of the day written", time.monotonic() - begins


def _registration(week: WeekOfAction, local: Local, at: int) -> Registration:
    address = f"officer{at}@example.net"
    return Registration(
        week=week,
        local=local,
        contact_name=f"Officer {at}",
        email=address,
        email_key=email_key(address),
        phone="202-555-0134",
        members_count=50 + at % 10,
        created_at=timezone.now() - timedelta(minutes=at),
    )


def _place(registration: Registration, at: int) -> ShipTo:
    is_odd = at % 10 == 0
    return ShipTo(
        registration=registration,
        name="Ada Reyes",
        address1="PO Box 5" if is_odd else "501 Third Street NW",
        city="Albany",
        state="NY",
        zip_code="12207",
        verdict=ShipTo.Verdict.UNSAFE if is_odd else ShipTo.Verdict.SAFE,
        doubts=["po-box"] if is_odd else [],
    )
