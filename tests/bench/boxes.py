"""How long it takes from what was set aside to boxes on their way, and how long the pages about them take."""

import io
import time
from collections.abc import Iterator

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.boxes import waves
from campaigns.carriers import files, tracking
from campaigns.models import Box, CarrierProfile, PrintRun, Wave
from campaigns.printing import runs
from tests.bench.figures import Series
from tests.bench.place import Failed
from tests.bench.staff_pages import Page, look
from tests.campaigns.tracking_numbers import ups_number


def freeze_and_print(wave: Wave, staff: User) -> Iterator[tuple[str, float]]:
    """Seconds of each step, as it is done: a box for each place, its slip, its label. Raises Failed."""
    begins = time.monotonic()
    boxes = waves.freeze_wave(wave=wave, by=staff)
    yield f"{len(boxes):,} boxes made", time.monotonic() - begins
    for kind in PrintRun.Kind.values:
        run = runs.begin(wave=wave, kind=kind, by=staff)
        begins = time.monotonic()
        runs.work()
        took = time.monotonic() - begins
        run.refresh_from_db()
        if run.status != PrintRun.Status.DONE:
            raise Failed(f"{run}: {run.reason}")
        yield f"{len(boxes):,} {run.get_kind_display()} drawn", took


def look_at_pages(wave: Wave, staff: User) -> Iterator[tuple[str, Series]]:
    """Milliseconds of each page's looks. Raises Failed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum has done by the time anybody looks
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    box = wave.boxes.latest("pk")
    pages = {
        "list of boxes": Page(reverse("admin:campaigns_box_changelist"), box.code),
        "boxes of the week": Page(
            f"{reverse('admin:campaigns_box_changelist')}?registration__week__id__exact={wave.week_id}", box.code
        ),
        "a box by its code": Page(f"{reverse('admin:campaigns_box_changelist')}?q={box.code}", box.code),
        "a box on the table": Page(reverse("admin:campaigns_box_pack", args=[box.code]), "It is packed"),
        "a wave's boxes": Page(reverse("admin:campaigns_wave_boxes", args=[wave.pk]), "To bring from the shelf"),
        "print-outs": Page(reverse("admin:campaigns_printrun_changelist"), "labels"),
        "will it arrive in time": Page(f"{reverse('admin:campaigns_box_in_time')}?week={wave.week.year}", "Must be"),
        "results of the week": Page(
            f"{reverse('admin:campaigns_weekofaction_changelist')}{wave.week_id}/after-action/", "In numbers"
        ),
        "reports": Page(reverse("admin:campaigns_report_changelist"), 'id="changelist"'),
        "what is missing": Page(reverse("admin:campaigns_arrival_changelist"), 'id="changelist"'),
        "carrier file": Page(reverse("admin:campaigns_wave_carrier", args=[wave.pk]), "Profile"),
    }
    for name, page in pages.items():
        yield name, look(client, page)


def hand_over(wave: Wave, staff: User) -> Iterator[tuple[str, float]]:
    """Seconds of the carrier's file and of the tracking numbers that come back. Raises Failed."""
    now = timezone.now()
    Box.objects.filter(wave=wave).update(status=Box.Status.CHECKED, packed_at=now, checked_at=now)
    profile = CarrierProfile.objects.get(carrier="ups")
    begins = time.monotonic()
    content = files.export(boxes=Box.objects.filter(wave=wave), profile=profile, by=staff, wave=wave)
    yield f"carrier file of {len(content.splitlines()) - 1:,} boxes", time.monotonic() - begins
    told = profile.tracking_columns
    codes = wave.boxes.order_by("pk").values_list("code", flat=True)
    lines = [f"{told['code']},{told['number']}", *(f"{code},{ups_number(at)}" for at, code in enumerate(codes))]
    begins = time.monotonic()
    kept = tracking.look_through(
        file=io.BytesIO("\n".join(lines).encode()), filename="back.csv", profile=profile, by=staff
    )
    yield f"tracking file of {len(lines) - 1:,} tested", time.monotonic() - begins
    begins = time.monotonic()
    shipped = tracking.take_in(file=kept, silent=set(), by=staff)
    if shipped != len(lines) - 1:
        raise Failed(f"{shipped} of {len(lines) - 1} boxes shipped")
    yield "the same taken in, a letter each", time.monotonic() - begins
