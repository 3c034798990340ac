"""The fraud desk's figures, the review queue and its staff pages: who may see them, and what they do."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import Local, MailDomain
from petitions import fraud, signing, tallies, tasks
from petitions.fraud import desk, invalidating, reviewing
from petitions.fraud.networks import network_hash
from petitions.models import (
    FraudFigures,
    FraudLimits,
    Invalidation,
    Signature,
    SignatureEvidence,
    SignatureScore,
    SigningEvent,
    Trend,
)
from tests.members.factories import StaffFactory
from tests.members.permitted import permitted
from tests.petitions.factories import EvidenceFactory, PetitionFactory, ScoreFactory, SignatureFactory, tally

pytestmark = pytest.mark.django_db
DESK = "/admin/petitions/fraudfigures/"
REVIEW = "/admin/petitions/signaturescore/"
EVIDENCE = "/admin/petitions/signatureevidence/"
JOBS = "/admin/petitions/invalidation/"
EVENTS = "/admin/petitions/signingevent/"
WHEN = {"created_from": "", "created_to": ""}


@pytest.fixture
def reviewer():
    return permitted("review_fraud")


@pytest.fixture
def browser(client, reviewer):
    client.force_login(reviewer)
    return client


def test_the_figures_of_a_petition_are_counted_once_and_read_as_they_are(petition, django_assert_num_queries):
    MailDomain.objects.create(domain="trash.example", kind=MailDomain.Kind.DISPOSABLE)
    for email, changes in (
        ("ana@gmail.com", {"address": "198.51.100.7"}),
        ("ben+csan@gmail.com", {"address": "198.51.100.8", "seconds": 1}),
        ("cy@x.trash.example", {"address": "198.51.100.9", "agent": "program", "repeats": 3}),
        ("dee@example.org", {"event_code": "event-1", "confirm_network_hash": "elsewhere"}),
    ):
        EvidenceFactory(signature=SignatureFactory(petition=petition, email=email), **changes)
    SignatureFactory(petition=petition, status=Signature.Status.PENDING)
    SignatureFactory(petition=petition, status=Signature.Status.INVALID)
    assert fraud.figures(petition) is None
    assert desk.count_all() == 1
    numbers = FraudFigures.objects.get().numbers
    assert numbers == {
        "signed": 6, "confirmed": 4, "pending": 1, "withdrawn": 0, "invalid": 1, "kept": 4, "tagged": 1, "fast": 1,
        "event": 1, "program": 1, "confirmed_somewhere": 1, "moved": 1, "repeats": 3, "networks": 2,
        "largest_network": 3, "domains": 3, "free": 2, "disposable": 1, "employer": 0, "reasons": {},
    }  # fmt: skip
    with django_assert_num_queries(2):
        found = fraud.figures(petition)
    assert (found.signed, found.confirmed, found.set_aside, found.duplicates_merged) == (6, 4, 1, 3)
    assert round(found.confirmed_share, 3) == 0.667
    assert (found.reasons, found.recounted_at) == ((("after a look by staff", 1),), None)


def test_the_public_figures_name_the_reasons_of_jobs_and_the_last_recount(petition):
    for _ in range(3):
        SignatureFactory(petition=petition, family_name="Forged")
    job = invalidating.prepare(conditions={"family_name": "Forged"}, reason="others", by=None)
    invalidating.start(job=job, by=None)
    tasks.work_on_invalidations()
    tasks.recount_tallies()
    tasks.count_fraud_figures()
    found = fraud.figures(petition)
    assert found.reasons == (("signed with other people's names or addresses", 3),)
    assert (found.set_aside, timezone.now() - found.recounted_at < timedelta(minutes=1)) == (3, True)


def test_a_share_is_remarkable_only_where_there_are_enough():
    numbers = dict.fromkeys(("signed", "kept", "confirmed", "networks", "free"), 49) | {"disposable": 5}
    few = FraudFigures(numbers=numbers)
    many = FraudFigures(numbers={**numbers, "kept": 50, "signed": 50})
    assert [share.label for share in desk.shares(few) if share.is_remarkable] == []
    assert [share.label for share in desk.shares(many) if share.is_remarkable] == ["mailboxes thrown away after use"]
    assert desk.shares(FraudFigures(numbers={}))[0].percent == 0


def test_a_decision_is_recorded_and_a_colleagues_stays(petition, reviewer):
    rows = [ScoreFactory(signature=SignatureFactory(petition=petition)) for _ in range(3)]
    tally(petition, DC=3)
    fine = SignatureScore.objects.filter(pk=rows[0].pk)
    assert reviewing.find_fine(scores=fine, by=reviewer) == 1
    assert reviewing.set_aside(scores=SignatureScore.objects.all(), by=reviewer) == 2
    assert reviewing.set_aside(scores=SignatureScore.objects.all(), by=reviewer) == 0
    assert tallies.count(petition) == petition.signatures.counting().count() == 1
    assert sorted(SignatureScore.objects.values_list("decision", flat=True)) == ["fine", "set-aside", "set-aside"]
    assert SignatureScore.objects.filter(decided_by=reviewer, decided_at__isnull=False).count() == 3
    said = reviewer.logentry_set.values_list("change_message", flat=True)
    assert sorted(said) == ["Decided: fine", *["Decided: set aside"] * 2, *["Set aside"] * 2]


def test_the_queue_shows_the_worst_first_with_reasons_and_takes_decisions_in_bulk(browser, petition):
    low = ScoreFactory(signature=SignatureFactory(petition=petition, given_name="Low"), score=20)
    high = ScoreFactory(signature=SignatureFactory(petition=petition, given_name="High"), score=80)
    page = browser.get(REVIEW).content.decode()
    assert page.index("High Lovelace") < page.index("Low Lovelace")
    chosen = {"action": "set_aside", "_selected_action": [low.pk, high.pk]}
    assert browser.post(REVIEW, chosen).status_code == 302
    assert Signature.objects.filter(status=Signature.Status.INVALID).count() == 2
    assert "High Lovelace" not in browser.get(REVIEW).content.decode()
    assert "High Lovelace" in browser.get(REVIEW, {"decided": "set-aside"}).content.decode()
    assert "High Lovelace" in browser.get(REVIEW, {"decided": "all", "rule": "address"}).content.decode()
    assert "High Lovelace" not in browser.get(REVIEW, {"decided": "all", "rule": "speed"}).content.decode()


def test_the_page_of_a_score_shows_what_the_signature_came_with(browser):
    score = ScoreFactory()
    assert "nothing is kept" in browser.get(f"{REVIEW}{score.pk}/change/").content.decode()
    row = EvidenceFactory(signature=score.signature, address="198.51.100.7")
    page = browser.get(f"{REVIEW}{score.pk}/change/").content.decode()
    assert "34 from one address (+40)" in page
    assert "198.51.100.7" in page
    assert row.network_hash in page


@pytest.mark.parametrize("address", [DESK, REVIEW, EVIDENCE, JOBS, f"{JOBS}add/"])
def test_only_reviewers_see_evidence_scores_and_jobs(client, address):
    client.force_login(permitted("view_signature", "review_signature", "change_signature", "view_signatureevidence"))
    assert client.get(address).status_code == 403
    client.force_login(permitted("review_fraud"))
    assert client.get(address).status_code == 200


def test_nobody_else_decides_or_begins(client, petition):
    score = ScoreFactory(signature=SignatureFactory(petition=petition))
    job = invalidating.prepare(conditions={"zip_code": "20001"}, reason="test", by=None)
    client.force_login(permitted("review_signature", "view_signature"))
    client.post(REVIEW, {"action": "set_aside", "_selected_action": [score.pk]})
    assert client.post(f"{JOBS}{job.pk}/change/", {"do": "start"}).status_code == 403
    assert client.get(f"{JOBS}{job.pk}/progress.json").status_code == 403
    job.refresh_from_db()
    score.refresh_from_db()
    assert (job.status, score.decision) == ("counted", "")


@pytest.mark.parametrize(
    ("address", "make"),
    [
        (REVIEW, ScoreFactory),
        (EVIDENCE, EvidenceFactory),
        (JOBS, lambda: Invalidation.objects.create(conditions={"zip_code": "1"}, reason="test", counted=0)),
        (DESK, lambda: Trend.objects.create(
            petition=PetitionFactory(), kind="domain", value="a.example", hour=timezone.now(), count=9)),
        (DESK, lambda: desk.count_up(PetitionFactory())),
    ],
)  # fmt: skip
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(browser, django_assert_num_queries, address, make):
    make()
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        assert browser.get(address).status_code == 200
    make()
    make()
    with django_assert_num_queries(len(one)):
        browser.get(address)


def test_the_desk_leads_from_a_trend_to_its_signatures_and_to_a_job(browser, petition):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    here = EvidenceFactory(signature__petition=petition, signed_at=hour, address="198.51.100.7")
    EvidenceFactory(signature__given_name="Elsewhere", signature__petition=petition, signed_at=hour)
    Trend.objects.create(
        petition=petition, kind="network", value=here.network_hash, hour=hour, count=12, usual=0.5,
        network="198.51.100.7", is_remarkable=True,
    )  # fmt: skip
    desk.count_up(petition)
    page = browser.get(DESK).content.decode()
    assert "198.51.100.7" in page
    assert "distinct networks" in page
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    listed = browser.get(next(link for link in links if link.startswith(f"{EVIDENCE}?"))).content.decode()
    assert ("Ada Lovelace" in listed, "Elsewhere" in listed) == (True, False)
    form = browser.get(next(link for link in links if link.startswith(f"{JOBS}add/?"))).content.decode()
    assert f'value="{network_hash("198.51.100.200")}"' in form
    assert browser.post(DESK).status_code == 303


def test_a_job_by_its_pages_from_the_condition_to_the_undo(browser, petition):
    for _ in range(3):
        SignatureFactory(petition=petition, family_name="Forged")
    tally(petition, DC=3)
    asked = {"family_name": "forg*", "petition": petition.pk, "reason": "program", "state": "dc", **WHEN}
    answer = browser.post(f"{JOBS}add/", asked)
    job = Invalidation.objects.get()
    assert (answer.status_code, answer.url, job.counted) == (303, f"{JOBS}{job.pk}/change/", 3)
    page = browser.get(answer.url).content.decode()
    assert "3 signatures are meant" in page
    assert "Ada Forged" in page
    assert browser.post(answer.url, {"do": "start"}).status_code == 303
    assert "data-progress-url" in browser.get(answer.url).content.decode()
    tasks.work_on_invalidations()
    report = browser.get(f"{JOBS}{job.pk}/progress.json").json()
    assert (report["status"], report["settled"] == report["candidates"], report["counts"][1]["count"]) == (
        "done",
        True,
        3,
    )
    assert tallies.count(petition) == 0
    client = Client()
    client.force_login(StaffFactory())
    taken = petition.signatures.first()
    assert f'<a href="{answer.url}">' in client.get(f"/admin/petitions/signature/{taken.pk}/change/").content.decode()
    browser.post(answer.url, {"do": "start"})
    assert "the job has moved on" in browser.get(answer.url).content.decode()
    browser.post(answer.url, {"do": "undo"})
    tasks.work_on_invalidations()
    assert (tallies.count(petition), "Taken back" in browser.get(answer.url).content.decode()) == (3, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Say more"),
        ({"state": "DC"}, "Say more"),
        ({"network": "203.0.0.0/8"}, "Write an address such as"),
        ({"zip_code": "20001", "reason": "because"}, "Select a valid choice"),
    ],
)
def test_a_condition_that_cannot_be_is_sent_back_with_what_was_typed(browser, typed, said):
    answer = browser.post(f"{JOBS}add/", {"reason": "program", "note": "kept words", **WHEN, **typed})
    assert (answer.status_code, Invalidation.objects.count()) == (422, 0)
    assert said in answer.content.decode()
    assert "kept words" in answer.content.decode()


def test_a_moment_and_a_network_reach_the_job_as_data(browser, petition):
    EvidenceFactory(signature__petition=petition, address="198.51.100.7")
    when = {**WHEN, "created_from": "2020-01-01T08:00"}
    browser.post(f"{JOBS}add/", {"reason": "program", "network": "198.51.100.9/24", **when})
    job = Invalidation.objects.get()
    assert (job.conditions["network"], job.counted) == (network_hash("198.51.100.7"), 1)
    assert job.conditions["created_from"] == "2020-01-01T08:00:00-05:00"


def test_the_first_page_of_staff_says_what_waits(client, petition):
    for score in (19, 20, 80):
        ScoreFactory(score=score)
    Trend.objects.create(petition=petition, kind="domain", value="a", hour=timezone.now(), count=9, is_remarkable=True)
    client.force_login(permitted("review_fraud"))
    page = client.get("/admin/").content.decode()
    assert "<strong>2</strong> signatures to review" in page
    assert "<strong>1</strong> domains and networks" in page
    client.force_login(permitted("view_signature"))
    assert "signatures to review" not in client.get("/admin/").content.decode()


def test_limits_are_set_by_staff_and_recorded(client):
    staff = StaffFactory()
    client.force_login(staff)
    address = client.get("/admin/petitions/fraudlimits/").url
    row = FraudLimits.objects.get()
    values = {field.name: getattr(row, field.name) for field in FraudLimits._meta.fields if field.editable}
    assert client.post(address, {**values, "address_limit": 7}).status_code == 302
    assert FraudLimits.objects.get().address_limit == 7
    assert list(staff.logentry_set.values_list("change_message", flat=True)) == ["Set limits (address_limit: 7)"]
    client.force_login(permitted("review_fraud"))
    assert client.get("/admin/petitions/fraudlimits/").status_code == 403


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("petitions_fraudlimits_one", {"id": 2}),
        ("petitions_fraudlimits_floor", {"address_limit": 0}),
        ("petitions_fraudlimits_score", {"review_score": 101}),
    ],
)
def test_the_database_holds_what_limits_are(rule, changes):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        FraudLimits.objects.create(**changes)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("petitions_signaturescore_range", {"score": 0}),
        ("petitions_signaturescore_decision", {"decision": "fine"}),
        ("petitions_signaturescore_reasons", {"reasons": []}),
    ],
)
def test_the_database_holds_what_a_score_is(rule, changes):
    signature = SignatureFactory()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        ScoreFactory(signature=signature, **changes)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("petitions_trend_kind", {"kind": "moon"}),
        ("petitions_trend_count", {"count": 0}),
        ("petitions_trend_network", {"network": "198.51.100.7"}),
    ],
)
def test_the_database_holds_what_a_trend_is(petition, rule, changes):
    values = {"kind": "domain", "value": "a", "hour": timezone.now(), "count": 1, **changes}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Trend.objects.create(petition=petition, **values)


def test_an_hour_has_each_domain_once(petition):
    values = {"petition": petition, "kind": "domain", "value": "a", "hour": timezone.now(), "count": 1}
    Trend.objects.create(**values)
    with pytest.raises(IntegrityError, match="petitions_trend_once"), transaction.atomic():
        Trend.objects.create(**values)


def test_a_signature_has_one_piece_of_evidence(petition):
    row = EvidenceFactory(signature__petition=petition)
    with pytest.raises(IntegrityError, match="signatureevidence_pkey"), transaction.atomic():
        SignatureEvidence.objects.create(
            signature=row.signature, petition=petition, signed_at=timezone.now(), mail_domain="a"
        )


def test_staff_make_an_event_with_a_link_and_a_code_and_can_end_it(client, petition):
    local = Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")
    client.force_login(StaffFactory())
    ends = timezone.localtime() + timedelta(hours=5)
    asked = {
        "local": local.pk, "petition": petition.slug, "label": "October meeting",
        "ends_at": f"{ends:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    answer = client.post(f"{EVENTS}add/", asked)
    event = SigningEvent.objects.get()
    assert (answer.status_code, event.source_code.path) == (303, petition.get_absolute_url())
    page = client.get(answer.url).content.decode()
    assert f"/go/{event.source_code.code}/?event=" in page
    assert '<svg viewBox="0 0' in page
    assert client.post(answer.url).status_code == 303
    assert "This event is over" in client.get(answer.url).content.decode()
    assert "October meeting" in client.get(EVENTS).content.decode()
    answer = client.post(f"{EVENTS}add/", {**asked, "ends_at": "2020-01-01T08:00"})
    assert (answer.status_code, SigningEvent.objects.count()) == (422, 1)
    assert "within 31 days" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("198.51.100.9/24", "198.51.100.0/24"), ("198.51.100.9", "198.51.100.9/32"), ("nonsense", None)],
)
def test_staff_write_a_network_as_they_know_it(client, typed, kept):
    local = Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")
    client.force_login(StaffFactory())
    client.post("/admin/petitions/allowednetwork/add/", {"local": local.pk, "network": typed, "label": "hall"})
    assert list(local.allowed_networks.values_list("network", flat=True)) == ([kept] if kept else [])
    assert client.get("/admin/petitions/allowednetwork/").status_code == 200


def test_reinstating_by_hand_takes_a_signature_out_of_its_job(petition):
    signature = SignatureFactory(petition=petition, family_name="Forged")
    job = invalidating.prepare(conditions={"family_name": "Forged"}, reason="test", by=None)
    invalidating.start(job=job, by=None)
    tasks.work_on_invalidations()
    assert signature.takings.get().released_at is None
    signing.reinstate_signatures(signatures=Signature.objects.all(), by=StaffFactory())
    assert signature.takings.get().released_at is not None
