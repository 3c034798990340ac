"""What a petition must do that Congress cannot wave away, in fourteen points, each once from the outside.

What can go wrong at each point has tests of its own; those under fire are in `test_signing_under_fire.py`.
"""

import io
import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from csan.lib import redis
from members.models import Message, Subscription
from petitions import confirm_codes, forgetting, retention, signing, surge, tallies, tasks
from petitions.models import CallTally, Cosponsorship, Invalidation, Measure, Signature
from tests.bench.figures import Line, Series, machine
from tests.members.factories import LocalFactory, StaffFactory
from tests.petitions import congress
from tests.petitions.factories import (
    EvidenceFactory,
    MeasureFactory,
    OfficeFactory,
    PetitionFactory,
    ScoreFactory,
    SignatureFactory,
    tally,
)
from tests.petitions.sitting import lies_in, member
from tests.processes import ROOT
from tests.storm import VICTIMS
from tests.words import text

pytestmark = pytest.mark.django_db
Status, How = Signature.Status, Signature.DistrictHow
PAGE = "/petitions/save-call-center-jobs/"
CHECK = f"{PAGE}check-your-email/"
TYPED = {"given_name": "Ada", "family_name": "Lovelace", "email": "ada@example.org", "zip_code": "85003"}
DAY = timedelta(days=1)


def link_of(signature):
    return f"/signature/{signing.confirm_token(signature)}/confirm/"


def signs(client, **changes):
    """Sign by the public form; the row."""
    typed = {**TYPED, **changes}
    response = client.post(f"{PAGE}sign/", typed)
    assert (response.status_code, response["Location"]) == (303, CHECK)
    return Signature.objects.get(email=typed["email"])


def confirms(client, **changes):
    """Sign and confirm by the public pages; the row, and where it led."""
    row = signs(client, **changes)
    response = client.post(link_of(row))
    assert response.status_code == 303
    row.refresh_from_db()
    return row, response["Location"]


@pytest.fixture
def desk(client):
    staff = StaffFactory()
    client.force_login(staff)
    return staff


def test_point_1_four_fields_sign_without_scripts_in_both_languages(client, petition):
    """Point 1: signed with four fields, without scripts, in English and Spanish."""
    for prefix, button in (("", "Sign"), ("/es", "Firmar")):
        html = client.get(f"{prefix}{PAGE}").content.decode()
        form = html.split(f'action="{prefix}{PAGE}sign/"')[1].split("</form>")[0]
        fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", form)
        required = {re.search(r'name="([^"]+)"', each)[1] for each in fields if " required" in each}
        assert required == set(TYPED)
        assert set(re.findall(r'<label[^>]* for="id_([^"]+)"', form)) >= required
        assert f">{button}</button>" in form
    assert signs(client).status == Status.PENDING
    assert "Confirme su firma" in text(
        client.get(link_of(Signature.objects.get()).replace("/signature", "/es/signature"))
    )


def test_point_2_a_mailbox_signs_once(client, petition):
    """Point 2: one signature a mailbox, held by the database."""
    row, _where = confirms(client, email="ada.lovelace@gmail.com")
    for other in ("AdaLovelace@gmail.com", "ada.lovelace+union@gmail.com"):
        assert client.post(f"{PAGE}sign/", {**TYPED, "email": other})["Location"] == CHECK
    assert (Signature.objects.count(), tallies.count(petition)) == (1, 1)
    with pytest.raises(IntegrityError, match="petitions_signature_once"), transaction.atomic():
        SignatureFactory(petition=petition, email="other@example.org", email_key=row.email_key)


def test_point_3_it_is_confirmed_once_whatever_happens_to_the_link(client, petition):
    """Point 3: confirmed once, through scanners, double clicks, the end and a broken link."""
    row = signs(client)
    for _look in range(3):
        assert client.get(link_of(row)).status_code == 200
    assert Signature.objects.get().status == Status.PENDING
    assert [client.post(link_of(row)).status_code for _press in range(2)] == [303, 303]
    late = signs(client, email="bob@example.org")
    petition.closes_at = timezone.now()
    petition.save(update_fields=["closes_at"])
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        typed = {"email": "bob@example.org", "code": confirm_codes.code_of(late)}
        assert "Code" in text(client.get("/signature/"))  # what is left of a link that was cut off
        assert client.post("/signature/code/", typed).status_code == 303
    assert (tallies.count(petition), Message.objects.filter(template="petitions/thank_you").count()) == (2, 2)


def test_point_4_two_reminders_and_none_to_a_mailbox_that_sent_one_back(petition):
    """Point 4: two reminders, then none; none to a mailbox that sent a letter back."""
    now = timezone.now()
    waiting = SignatureFactory(petition=petition, status=Status.PENDING, asked_at=now, letters_sent=1)
    back = SignatureFactory(petition=petition, status=Status.PENDING, asked_at=now, letters_sent=1)
    SignatureFactory(petition=petition)
    Message.objects.create(
        key="x", template="petitions/confirm_signature", to=back.email, email_key=back.email_key,
        lane=Message.Lane.TRANSACTIONAL, status=Message.Status.ACCEPTED, delivery=Message.Delivery.BOUNCED,
        settled_at=now,
    )  # fmt: skip
    with time_machine.travel(now, tick=False) as clock:
        told = []
        for _day in range(12):
            clock.shift(DAY)
            told.append(retention.remind_pending())
    assert (sum(told), told.index(1), told[4]) == (2, 1, 1)
    letters = Message.objects.filter(template="petitions/remind_signature")
    assert set(letters.values_list("to", flat=True)) == {waiting.email}


def test_point_5_a_signer_has_a_page_of_their_own(client, petition):
    """Point 5: a page of one's own: see, correct, hide, withdraw, export, erase."""
    row, _where = confirms(client)
    page = f"/signature/{row.key}/"
    assert "ada@example.org" in text(client.get(page))
    typed = {"given_name": "Augusta", "family_name": "King", "zip_code": "10001", "show_name": "on"}
    assert client.post(page, typed).status_code == 303
    assert (str(Signature.objects.get()), Signature.objects.get().show_name) == ("Augusta King", True)
    client.post(page, {name: value for name, value in typed.items() if name != "show_name"})
    assert Signature.objects.get().show_name is False
    assert client.get(f"{page}export.json").json()["given_name"] == "Augusta"
    assert client.post(f"{page}withdraw/").status_code == 303
    assert (Signature.objects.get().status, tallies.count(petition)) == (Status.WITHDRAWN, 0)
    assert client.post(f"{page}erase/")["Location"] == "/signature/erased/"
    assert (Signature.objects.get().is_erased, client.get(page).status_code) == (True, 404)


def test_point_6_a_district_is_known_or_asked_for_or_unknown(client, petition, desk):
    """Point 6: the district is known where the ZIP code tells, asked where it is split, and else unknown."""
    lies_in("85003", "AZ-03")
    lies_in("90210", "CA-30", "CA-36")
    for seat in ("CA-30", "CA-36"):
        member(seat)
    found = {
        zip_code: confirms(client, email=f"{zip_code}@example.org", zip_code=zip_code)[0]
        for zip_code in ("85003", "90210", "00000")
    }
    assert [(each.district, each.district_how) for each in found.values()] == [
        ("AZ-03", How.UNIQUE), ("", How.SPLIT), ("", How.UNKNOWN),
    ]  # fmt: skip
    chosen = client.post(f"/signature/{found['90210'].key}/representative/", {"district": "CA-36"})
    assert chosen.status_code == 303
    assert tallies.by_district(petition) == {"AZ-03": 1, "CA-36": 1, "": 1}
    page = text(client.get(f"/admin/petitions/petition/{petition.pk}/districts/"))
    assert "66.7 % of the confirmed signatures have a district" in page


def test_point_7_every_total_is_exact_after_a_crash(client, petition, monkeypatch):
    """Point 7: totals by petition, state, district, local, source and day, exact after a crash, with their moment."""
    local = LocalFactory(affiliate="CWA", number="7019")
    lies_in("85003", "AZ-03")
    confirms(client, local="CWA 7019", **{"from": "poster"})
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # a drain that dies before its commit
        tallies.drain()
        raise ZeroDivisionError
    monkeypatch.setattr(redis, "attempt", lambda command: None)
    confirms(client, email="bob@example.org")
    for _ask in range(2):
        assert client.get(f"{PAGE}count.json").json()["count"] == 2
        assert (tallies.by_state(petition), tallies.by_district(petition)) == ({"AZ": 2}, {"AZ-03": 2})
        assert tallies.by_local(petition) == {local.pk: 1, None: 1}
        assert tallies.by_source(petition) == {"poster": 1, "": 1}
        assert tallies.by_day(petition) == {timezone.localdate(): 2}
        tallies.drain()
    assert tallies.recount() == []
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", client.get(f"{PAGE}count.json").json()["counted_at"])
    assert VICTIMS == ("web worker", "Celery worker", "Redis", "drain job")  # whom the storm kills for real


def test_point_8_the_fraud_desk_counts_first_and_takes_back(client, petition, desk):
    """Point 8: suspicion scored with reasons; set aside by condition, counted first, taken back, recorded."""
    forged = SignatureFactory.create_batch(3, petition=petition, family_name="Forged")
    EvidenceFactory(signature=forged[0])
    ScoreFactory(signature=forged[0])
    SignatureFactory(petition=petition, family_name="Honest")
    tally(petition, DC=4)
    assert "34 from one address" in text(client.get(f"/admin/petitions/signaturescore/{forged[0].pk}/change/"))
    moments = {f"created_{edge}_{part}": "" for edge in ("from", "to") for part in (0, 1)}
    asked = {"family_name": "forg*", "petition": petition.pk, "reason": "program", **moments}
    job = client.post("/admin/petitions/invalidation/add/", asked).url
    assert "3 signatures are meant" in text(client.get(job))
    assert tallies.count(petition) == 4
    for act, left in (("start", 1), ("undo", 4)):
        client.post(job, {"do": act})
        tasks.work_on_invalidations()
        assert (tallies.count(petition), tallies.recount(dry_run=True)) == (left, [])
    assert (Invalidation.objects.get().taken, Invalidation.objects.get().given_back) == (3, 3)
    said = [entry.get_change_message().split(" (")[0] for entry in LogEntry.objects.filter(user=desk).order_by("pk")]
    assert said == [
        "Counted signatures by condition", "Began to set aside", "Done", "Began to take back", "Taken back",
    ]  # fmt: skip


def test_point_9_each_member_has_packet_file_and_labels(client, desk):
    """Point 9: for each member a PDF, a CSV and labels; what was delivered and answered is on record."""
    with time_machine.travel(congress.NOON, tick=False):
        client.force_login(desk)
        petition = PetitionFactory()
        term = congress.representative(1, "Ames", "AZ", "03")
        OfficeFactory(legislator=term.legislator, address="1 Main St")
        row = congress.signed(petition)[0]
        tallies.note([row], 1)
        board = f"/admin/petitions/delivery/whip/{petition.pk}/"
        page = f"{board}{term.legislator.bioguide}/"
        made = client.post(page, {"do": "packet"}).url
        packet = petition.packets.get()
        pdf, annex = (b"".join(client.post(made, {"do": kind}).streaming_content) for kind in ("pdf", "csv"))
        assert "Pat Ames" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
        assert "85003,Ada Lovelace,Phoenix" in annex.decode()
        asked = {"where": "home", "sheet": "5160", "start": "1", "right": "0", "down": "0"}
        labels = client.post(board, {"do": "labels", **{f"labels-{name}": value for name, value in asked.items()}})
        assert "The Honorable Pat Ames" in PdfReader(io.BytesIO(labels.content)).pages[0].extract_text()
        brought = {"on": "2026-05-30", "how": "in-person", "to": "A. Staffer", "packet": packet.pk}
        client.post(page, {"do": "delivery", **{f"delivery-{name}": value for name, value in brought.items()}})
        visit = petition.deliveries.get()
        client.post(
            f"/admin/petitions/delivery/{visit.pk}/change/", {"answer": "We will look.", "answered_on": "2026-06-01"}
        )
        visit.refresh_from_db()
        assert (visit.count, visit.digest, visit.answer, visit.by) == (1, packet.digest, "We will look.", desk)
        assert "Pat Ames" in text(client.get(f"/signature/{row.key}/"))


def test_point_10_there_is_more_to_do_after_signing(client, petition):
    """Point 10: after signing: thank or ask, call with a script, pass it on, the newsletter, one's local."""
    lies_in("85003", "AZ-03")
    house = MeasureFactory(congress=119, kind=Measure.Kind.HR, number=4954)
    petition.measures.add(house)
    asked = member("AZ-03", "Rosa Quiroga")
    row, where = confirms(client, newsletter="on")
    code = parse_qs(urlsplit(where).query)["from"][0]
    html, words = client.get(where).content.decode(), text(client.get(where))
    assert "Not yet behind H.R.4954: ask for it" in words
    assert ('href="tel:+12025550100"' in html, f"/go/{code}/" in html) == (True, True)
    called = {"legislator": asked.bioguide, "outcome": "talked", "seat": "AZ-03", "from": code}
    assert client.post(f"{PAGE}called/", called).status_code == 303
    assert CallTally.objects.get().count == 1
    Cosponsorship.objects.create(measure=house, legislator=asked)
    cache.clear()  # what is kept of Congress for a minute
    assert "Stands behind H.R.4954: say thank you" in text(client.get(where))
    assert Subscription.objects.get().person.email == row.email
    friend, _where = confirms(client, email="bob@example.org", **{"from": code})
    assert (friend.source_code, tallies.by_code(petition, code)) == (code, 1)
    assert "Register your local" in words


def test_point_11_programs_and_other_sites_get_the_numbers(client, petition):
    """Point 11: the count and results for programs, documented, and frames without cookies."""
    tally(petition, TX=12, CA=9)
    count = client.get(f"{PAGE}count.json", headers={"Origin": "https://elsewhere.example"})
    assert (count.json()["count"], count["Access-Control-Allow-Origin"]) == (21, "*")
    assert client.get(f"{PAGE}results.csv").content.decode().split()[:2] == ["state,district,signatures", "TX,,12"]
    readme = (ROOT / "README.md").read_text()
    for what in ("count.json", "results.csv", "embed/"):
        assert f"/petitions/<slug>/{what}" in readme
    for show, seen in (("", "<form"), ("?show=counter", "21"), ("?show=map", '<th scope="row">Texas</th><td>12</td>')):
        frame = client.get(f"{PAGE}embed/{show}")
        assert (seen in frame.content.decode(), frame.cookies) == (True, {})
        assert "frame-ancestors *" in frame["Content-Security-Policy"]


def test_point_12_signers_are_forgotten_on_a_day(client, petition, desk):
    """Point 12: a day on which the signers are forgotten, seen before; district and month stay."""
    lies_in("85003", "AZ-03")
    row, _where = confirms(client)
    petition.closes_at = timezone.now()
    petition.forgets_signers_on = timezone.localdate() + 8 * DAY
    petition.save(update_fields=["closes_at", "forgets_signers_on"])
    forgetting.note_day(petition=petition, by=desk)
    preview = f"/admin/petitions/petition/{petition.pk}/forgetting/"
    assert "Signatures made nameless 1" in text(client.get(preview))
    assert Signature.objects.named().count() == 1
    with time_machine.travel(timezone.now() + 9 * DAY, tick=False):
        tasks.forget_signers()
        client.force_login(desk)
        assert "1 signature made nameless" in text(client.get(preview))
    gone = Signature.objects.get()
    assert (gone.is_erased, gone.district, gone.email_key) == (True, "AZ-03", row.email_key)
    month = timezone.localtime(gone.confirmed_at)
    assert (month.year, month.month) == (timezone.localdate().year, timezone.localdate().month)
    assert (tallies.count(petition), tallies.recount(dry_run=True)) == (1, [])


def test_point_13_every_switch_of_a_surge_works(client):
    """Point 13: every switch of a surge does what it says."""
    seen = {}
    for name, value in (
        ("is_paused", True),
        ("shows_maps", False),
        ("count_seconds", 60),
        ("looks_up_districts", False),
    ):
        before, after = PetitionFactory.create_batch(2)
        for petition, changes in ((before, {}), (after, {name: value})):
            tally(petition, DC=9)
            surge.switch(by=None, **changes)
            surge.forget()
            address = f"/petitions/{petition.slug}/"
            signed = client.post(f"{address}sign/", {**TYPED, "email": f"{name}{petition.pk}@example.org"})
            row = Signature.objects.filter(petition=petition).first()
            how = signing.confirm_signature(token=signing.confirm_token(row)).district_how if row else None
            seen[name, bool(changes)] = (
                signed.status_code,
                "Where we are signing" in text(client.get(address)),
                client.get(f"{address}count.json")["Cache-Control"].split(", ")[1],
                how,
            )
        surge.switch(by=None, is_paused=False, shows_maps=True, count_seconds=5, looks_up_districts=True)
        surge.forget()
    usual = (303, True, "max-age=5", How.UNKNOWN)
    assert {seen[name, False] for name, _is_on in seen} == {usual}
    assert seen["is_paused", True] == (503, True, "max-age=5", None)
    assert seen["shows_maps", True] == (303, False, "max-age=5", How.UNKNOWN)
    assert seen["count_seconds", True] == (303, True, "max-age=60", How.UNKNOWN)
    assert seen["looks_up_districts", True] == (303, True, "max-age=5", "")


def test_point_14_the_load_report_is_published():
    """Point 14: a load report, with every round kept and what was not reached."""
    report = (ROOT / "README.md").read_text().split("## Figures")[1].split("\n## ")[0]
    words = (
        "signatures, 32 clients", "confirms, 32 clients", "5,000,000 signatures", "chaos", "bench.json",
        "What stands in the way of more",
    )  # fmt: skip
    assert [each for each in words if each not in report] == []
    line = Line("signs, 8 clients", rate=Series([390, 395, 401]), ratios=[("bare INSERT", Series([0.2, 0.2, 0.3]))])
    told = json.loads(json.dumps({"machine": machine(), "figures": {line.name: line.as_json()}}))
    assert told["figures"]["signs, 8 clients"] == {
        "per_second": {"median": 395, "runs": [390, 395, 401]},
        "over bare INSERT": {"median": 0.2, "runs": [0.2, 0.2, 0.3]},
    }
    assert told["machine"]["fsync"] in ("on", "off")
