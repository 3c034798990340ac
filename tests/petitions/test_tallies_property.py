"""For any order of events, every tally is what a recount and the confirmed signatures themselves say."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Local
from petitions import signing, tallies
from petitions.models import Signature
from tests.members.factories import StaffFactory
from tests.petitions.conftest import ADA
from tests.petitions.factories import PetitionFactory

pytestmark = pytest.mark.django_db
Status = Signature.Status
BEGINNING = datetime(2030, 5, 1, 1, 0, tzinfo=UTC)  # still the last of April where the site is at home
ZIPS = ["20001", "75201", "85281", "00000"]
DISTRICTS = {
    "20001": ("DC-00", "unique"),
    "75201": ("TX-30", "unique"),
    "85281": ("", "split"),
    "00000": ("", "unknown"),
}
CODES = ["", "poster", "f-ana", "f-bob"]

people = st.integers(0, 3)
events = st.lists(
    st.one_of(
        st.tuples(st.just("sign"), people, st.sampled_from(ZIPS), st.sampled_from(CODES)),
        st.tuples(st.just("confirm"), people),
        st.tuples(st.just("choose"), people, st.sampled_from(["AZ-03", "AZ-04"])),
        st.tuples(st.just("correct"), people, st.sampled_from(ZIPS)),
        st.tuples(st.just("withdraw"), people),
        st.tuples(st.just("invalidate"), st.sets(people)),
        st.tuples(st.just("reinstate"), st.sets(people)),
        st.tuples(st.just("drain")),
        st.tuples(st.just("killed drain")),
        st.tuples(st.just("recount")),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    max_size=25,
)


class Campaign:
    """People who sign one petition, and staff; each event as a method of its name."""

    def __init__(self, clock):
        self.clock = clock
        self.petition = PetitionFactory()
        self.staff = StaffFactory()
        self.locals = [Local.objects.create(number=str(number)) for number in (1, 2)]

    def row(self, person):
        return Signature.objects.filter(petition=self.petition, email=f"p{person}@example.org").first()

    def rows(self, people):
        return Signature.objects.filter(petition=self.petition, email__in=[f"p{each}@example.org" for each in people])

    def do(self, name, *arguments):
        getattr(self, name.replace(" ", "_"))(*arguments)

    def sign(self, person, zip_code, code):
        signing.sign(petition=self.petition, **{**ADA, "email": f"p{person}@example.org", "zip_code": zip_code})
        self.rows([person]).exclude(status=Status.CONFIRMED).update(
            source_code=code, known_local=self.locals[person % 2] if person else None
        )

    def confirm(self, person):
        row = self.row(person)
        if row and row.status == Status.PENDING:
            district, how = DISTRICTS[row.zip_code]
            congress = 119 if district else None
            self.rows([person]).update(district=district, district_how=how, district_congress=congress)
        if row and row.status in (Status.PENDING, Status.CONFIRMED):
            signing.confirm_signature(token=signing.confirm_token(row))

    @transaction.atomic
    def choose(self, person, district):
        row = self.rows([person]).select_for_update().filter(status=Status.CONFIRMED).first()
        if row:
            before = tallies.parts_of(row)
            row.district, row.district_how, row.district_congress = district, "chosen", 119
            row.save(update_fields=["district", "district_how", "district_congress"])
            tallies.note_moved(before=before, after=row)

    def correct(self, person, zip_code):
        if row := self.row(person):
            kept = {
                name: getattr(row, name) for name in ("given_name", "family_name", "local", "comment", "show_name")
            }
            signing.correct_signature(signature=row, zip_code=zip_code, **kept)

    def withdraw(self, person):
        if row := self.row(person):
            signing.withdraw_signature(signature=row)

    def invalidate(self, people):
        signing.invalidate_signatures(signatures=self.rows(people), by=self.staff)

    def reinstate(self, people):
        signing.reinstate_signatures(signatures=self.rows(people), by=self.staff)

    def drain(self):
        tallies.drain()

    def killed_drain(self):
        with transaction.atomic():
            tallies.drain()
            transaction.set_rollback(True)

    def recount(self):
        assert tallies.recount() == []

    def wait(self, hours):
        self.clock.shift(timedelta(hours=hours))

    def told(self):
        """What the tallies say, dimension by dimension, and of each signer's code."""
        petition = self.petition
        codes = {code: number for code in CODES[2:] if (number := tallies.by_code(petition, code))}
        return (
            tallies.count(petition), tallies.by_state(petition), tallies.by_district(petition),
            tallies.by_local(petition), tallies.by_source(petition), tallies.by_day(petition), codes,
        )  # fmt: skip

    def truth(self):
        """What the signatures themselves say."""
        rows = list(self.petition.signatures.counting())
        return (
            len({row.email_key for row in rows}),
            Counter(row.state for row in rows),
            Counter(row.district for row in rows),
            Counter(row.known_local_id for row in rows),
            Counter("friends" if row.source_code.startswith("f-") else row.source_code for row in rows),
            Counter(timezone.localdate(row.confirmed_at) for row in rows),
            Counter(row.source_code for row in rows if row.source_code.startswith("f-")),
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=events)
def test_every_tally_is_what_the_confirmed_signatures_say(db, events):
    with time_machine.travel(BEGINNING, tick=False) as clock, transaction.atomic():
        campaign = Campaign(clock)
        for event in events:
            campaign.do(*event)
            assert campaign.told() == campaign.truth()
        assert tallies.recount(dry_run=True) == []
        tallies.drain()
        assert (campaign.told(), tallies.recount()) == (campaign.truth(), [])
        transaction.set_rollback(True)
