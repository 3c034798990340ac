"""An older week on the busy site whose materials are at every stage: waves, boxes, print-outs, files, a report.

Run inside the program, which has the sample content: `from tests.e2e.materials import make; make()`.
"""

import io
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from campaigns import kits
from campaigns.boxes import waves
from campaigns.carriers import tracking
from campaigns.models import (
    Box,
    CarrierProfile,
    Item,
    KitRule,
    PrintRun,
    Registration,
    Report,
    ShipTo,
    TrackingFile,
    Wave,
    WeekOfAction,
)  # fmt: skip
from campaigns.printing import runs
from csan.lib.addresses import email_key
from members.models import Local

YEAR = 2002
DISTRICTS = ("1", "3", "6")  # a wave for each


def make() -> None:
    """Print the keys of everything; made once, however often asked."""
    if not WeekOfAction.objects.filter(year=YEAR).exists():
        _make(User.objects.earliest("pk"))
    week = WeekOfAction.objects.get(year=YEAR)
    opened, set_aside, frozen = Wave.objects.filter(week=week).order_by("number")
    print(
        week.pk, opened.pk, set_aside.pk, frozen.pk, Box.objects.filter(wave=frozen).earliest("pk").code,
        PrintRun.objects.earliest("pk").pk, TrackingFile.objects.earliest("pk").pk,
        Report.objects.get(registration__week=week).pk, Item.objects.earliest("pk").pk,
        CarrierProfile.objects.earliest("pk").pk, frozen.allocations.earliest("pk").pk,
    )  # fmt: skip


def _make(by: User) -> None:
    today = timezone.localdate()
    week = WeekOfAction.objects.create(
        year=YEAR, theme="An older week", intro="It was fine.", register_by=today - timedelta(days=9),
        freeze_on=today - timedelta(days=8), ship_by=today + timedelta(days=2), starts_on=today + timedelta(days=6),
        ends_on=today + timedelta(days=12), report_by=date(today.year + 1, 12, 1), published_at=None,
    )  # fmt: skip
    for item in Item.objects.filter(kit_rules__isnull=False).distinct()[:3]:
        KitRule.objects.create(week=week, item=item, kind=KitRule.Kind.PER_MEMBER, rounds_to_pack=True)
    rows = [_local(week, str(7_500 + number), DISTRICTS[number % 3]) for number in range(6)]
    _, set_aside, frozen = (kits.open_wave(week=week, districts=[each], by=by) for each in DISTRICTS)
    for wave in (set_aside, frozen):
        kits.allocate(wave=wave, policy=Wave.Policy.PRO_RATA, reason="The sample", by=by)
    waves.freeze_wave(wave=frozen, by=by)
    runs.begin(wave=frozen, kind=PrintRun.Kind.SLIPS, by=by)
    codes = Box.objects.filter(wave=frozen).values_list("code", flat=True)
    profile = CarrierProfile.objects.get(carrier="ups")
    told = profile.tracking_columns
    lines = [f"{told['code']},{told['number']}", *(f"{code},1Z999AA10123456784" for code in codes), "nothing,1"]
    tracking.look_through(file=io.BytesIO("\n".join(lines).encode()), filename="ups.csv", profile=profile, by=by)
    Report.objects.create(
        registration=rows[0], took_part=True, headcount=41, sentence="The whole floor wore red.", may_be_shown=True,
        finished_at=timezone.now(),
    )  # fmt: skip


def _local(week: WeekOfAction, number: str, district: str) -> Registration:
    local = Local.objects.create(number=number, city="Albany", state="NY", district=district, size=150)
    email = f"materials-{number}@example.org"
    registration = Registration.objects.create(
        week=week, local=local, contact_name="Ruth Okafor", contact_role="President", email=email,
        email_key=email_key(email), phone="202-555-0134", members_count=140,
        status=Registration.Status.APPROVED, approved_at=timezone.now(),
    )  # fmt: skip
    ShipTo.objects.create(
        registration=registration, name="Union hall", address1=f"{number} Main Street", city="Albany", state="NY",
        zip_code="12207",
    )  # fmt: skip
    return registration
