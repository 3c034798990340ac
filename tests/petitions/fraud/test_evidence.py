"""What a signature comes with: kept beside it, erased in time, and no answer at the door tells of it."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from csan.lib.ratelimit import client_ip
from petitions import personal_data, signing, tasks
from petitions.fraud import evidence, networks
from petitions.models import Signature, SignatureEvidence, SignatureScore, Trend
from tests.petitions.conftest import ADA
from tests.petitions.factories import EvidenceFactory, PetitionFactory, ScoreFactory, SignatureFactory

pytestmark = pytest.mark.django_db
HALL = "198.51.100.7"
AT_HOME = evidence.Seen(address="2001:db8:1:2:3:4:5:6", agent="safari", seconds=40)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Safari/604.1"


def post(client, petition, address=HALL, **typed):
    values = {**ADA, "began": str(int(time.time()) - 12), **typed}
    return client.post(
        f"/petitions/{petition.slug}/sign/", values, REMOTE_ADDR=address, headers={"User-Agent": IPHONE}
    )


def test_the_form_leaves_evidence_beside_its_signature(client, petition):
    assert post(client, petition).status_code == 303
    row = SignatureEvidence.objects.get()
    assert (row.signature.email, row.petition, row.address, row.mail_domain, row.agent) == (
        "ada@example.org", petition, HALL, "example.org", "safari",
    )  # fmt: skip
    assert row.seconds in (12, 13)
    assert (row.address_hash, row.network_hash) == (
        networks.address_hash(HALL), networks.hash_of_network("198.51.100.0/24"),
    )  # fmt: skip
    assert (row.confirm_address, row.event_code, row.repeats) == (None, "", 0)


def test_evidence_and_signature_are_written_together_or_not_at_all(petition):
    """They are one statement; where the database refuses a part of it, nothing is left."""
    with pytest.raises(DataError), transaction.atomic():
        signing.sign(petition=petition, **ADA, seen=replace(AT_HOME, agent="a" * 13))
    assert (Signature.objects.count(), SignatureEvidence.objects.count()) == (0, 0)


def test_evidence_costs_a_signature_no_statement_of_its_own(petition):
    def statements(**changes):
        with connection.execute_wrapper(counting):
            seen.clear()
            signing.sign(petition=petition, **{**ADA, **changes})
            return len(seen)

    seen = []

    def counting(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    signing.sign(petition=petition, **{**ADA, "email": "first@example.org"})
    without = statements(email="bob@example.org")
    assert statements(email="cy@example.org", seen=AT_HOME) == without


def test_the_button_of_the_letter_adds_from_where_it_was_pressed(client, petition):
    post(client, petition)
    token = signing.confirm_token(Signature.objects.get())
    assert client.post(f"/signature/{token}/confirm/", REMOTE_ADDR="203.0.113.9").status_code == 303
    assert client.post(f"/signature/{token}/confirm/", REMOTE_ADDR="203.0.113.200").status_code == 303
    row = SignatureEvidence.objects.get()
    assert (row.address, row.confirm_address) == (HALL, "203.0.113.9")
    assert row.confirm_network_hash == networks.network_hash("203.0.113.200") != row.network_hash


def test_signing_again_overwrites_while_pending_and_counts_only_once_confirmed(petition):
    signing.sign(petition=petition, **ADA, seen=evidence.Seen(address=HALL))
    signing.sign(petition=petition, **ADA, seen=AT_HOME)
    row = SignatureEvidence.objects.get()
    assert (row.address, row.agent, row.repeats) == (AT_HOME.address, "safari", 1)
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    signing.sign(petition=petition, **ADA, seen=evidence.Seen(address=HALL))
    row.refresh_from_db()
    assert (row.address, row.agent, row.repeats) == (AT_HOME.address, "safari", 2)


@pytest.mark.parametrize("sent", ["", "unknown", "198.51.100.7:8080", "<script>", "fe80::1%eth0\x00"])
def test_an_address_that_is_none_is_no_reason_to_refuse(client, petition, settings, sent):
    settings.TRUSTED_PROXY_COUNT = 1
    answer = client.post(f"/petitions/{petition.slug}/sign/", ADA, headers={"X-Forwarded-For": sent or ","})
    assert answer.status_code == 303
    row = SignatureEvidence.objects.get()
    assert row.address in (None, "127.0.0.1", "fe80::1")
    assert (row.address_hash == "") == (row.address is None)


def test_a_clock_that_runs_ahead_or_stood_for_days_is_kept_within_bounds(rf):
    def took(began):
        return evidence.seen(rf.get("/"), began=began).seconds

    now = int(time.time())
    assert [took(str(now + 500)), took("0"), took("x"), took("")] == [0, 32_767, None, None]


@pytest.mark.parametrize(
    ("agent", "family"),
    [
        (IPHONE, "safari"),
        ("Mozilla/5.0 (X11) AppleWebKit/537 (KHTML, like Gecko) Chrome/130.0 Safari/537", "chrome"),
        ("Mozilla/5.0 (Windows) AppleWebKit/537 Chrome/130.0 Safari/537 Edg/130.0", "edge"),
        ("Mozilla/5.0 (Android) Gecko/130.0 Firefox/130.0", "firefox"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 SamsungBrowser/25.0 Chrome/120 Safari/537", "samsung"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605 Mobile/15E148 [FBAN/FBIOS;FBAV/400]", "in an app"),
        ("python-requests/2.32", "program"),
        ("", ""),
    ],
)
def test_of_a_browser_only_its_family_is_kept(agent, family):
    assert networks.agent_of(agent) == family


def test_hashes_tell_the_same_network_and_need_the_key(settings):
    one, neighbour, far = "198.51.100.7", "198.51.100.200", "198.51.101.7"
    assert networks.network_hash(one) == networks.network_hash(neighbour) != networks.network_hash(far)
    assert networks.network_hash("2001:db8:1:2::1") == networks.network_hash("2001:db8:1:2:ffff::9")
    assert networks.network_hash("2001:db8:1:2::1") != networks.network_hash("2001:db8:1:3::1")
    assert networks.plain_address("::ffff:198.51.100.7") == one
    before = networks.address_hash(one)
    settings.HASH_KEY = "another"
    assert networks.address_hash(one) != before


def test_addresses_are_erased_after_thirty_days_in_slices_and_hashes_stay():
    now = timezone.now()
    old = [EvidenceFactory(signed_at=now - timedelta(days=31), confirm_address="203.0.113.9") for _ in range(5)]
    young = EvidenceFactory(signed_at=now - timedelta(days=29))
    for hour, network in ((now - timedelta(days=31), HALL), (now, HALL)):
        Trend.objects.create(petition=young.petition, kind="network", value="a", hour=hour, count=9, network=network)
    assert evidence.forget_addresses(slice_of=2) == 5
    for row in old:
        kept = row.address_hash
        row.refresh_from_db()
        assert (row.address, row.confirm_address, row.address_hash) == (None, None, kept)
    young.refresh_from_db()
    assert young.address is not None
    assert sorted(Trend.objects.values_list("network", flat=True), key=str) == [HALL, None]
    assert evidence.forget_addresses() == 0
    tasks.forget_addresses()


def test_a_signer_can_take_the_evidence_along(client, petition):
    post(client, petition)
    signature = Signature.objects.get()
    file = client.get(f"/signature/{signature.key}/export.json").json()
    assert (file["evidence"]["address"], file["evidence"]["agent"]) == (HALL, "safari")
    assert personal_data.of_mailbox(signature.email_key)[0]["evidence"]["mail_domain"] == "example.org"
    assert personal_data.of_signature(SignatureFactory())["evidence"] == {}


def test_evidence_and_score_go_with_the_signature_and_can_go_before_it():
    row = EvidenceFactory()
    ScoreFactory(signature=row.signature)
    evidence.erase(row.signature)
    assert (SignatureEvidence.objects.count(), SignatureScore.objects.count()) == (0, 0)
    EvidenceFactory(signature=row.signature)
    row.signature.delete()
    assert SignatureEvidence.objects.count() == 0


def test_no_address_is_ever_logged(client, petition, caplog):
    caplog.set_level("DEBUG")
    post(client, petition, given_name="")
    post(client, petition)
    post(client, PetitionFactory(), address="203.0.113.77")
    assert HALL not in caplog.text
    assert "203.0.113.77" not in caplog.text


def test_the_budget_still_asks_for_the_address_that_our_own_proxy_saw(rf, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    request = rf.get("/", headers={"X-Forwarded-For": "1.2.3.4, 198.51.100.7"})
    assert evidence.seen(request).address == client_ip(request) == HALL
