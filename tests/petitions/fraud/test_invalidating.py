"""Setting aside by condition: counted first, in parts, taken back exactly, and the tallies exact at every step."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from petitions import signing, tallies, tasks
from petitions.fraud import conditions, invalidating
from petitions.fraud.networks import address_hash, network_hash
from petitions.models import Invalidation, Signature, SignatureScore, TakenSignature
from tests.members.factories import StaffFactory
from tests.petitions.factories import EvidenceFactory, PetitionFactory, ScoreFactory, SignatureFactory, tally

pytestmark = pytest.mark.django_db
Status = Signature.Status


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(invalidating, "MOST_OF_A_PART", 3)
    monkeypatch.setattr(invalidating, "SPAN", 5)


def job_of(by=None, **said):
    return invalidating.prepare(conditions=said, reason="program", by=by)


def begun(by=None, **said):
    job = job_of(by, **said)
    invalidating.start(job=job, by=by)
    return job


def run(job):
    while invalidating.step(job.pk):
        pass
    job.refresh_from_db()
    return job


def is_exact(petition):
    """Tally and deltas say what the signatures say."""
    return tallies.count(petition) == petition.signatures.counting().count() and tallies.recount(dry_run=True) == []


def crowd(petition, *, forged=7, honest=3):
    """Confirmed and counted signatures, some of them forged, and one forged that waits."""
    forged_rows = [SignatureFactory(petition=petition, family_name="Forged") for _ in range(forged)]
    for _ in range(honest):
        SignatureFactory(petition=petition, family_name="Honest")
    SignatureFactory(petition=petition, family_name="Forged", status=Status.PENDING)
    tally(petition, DC=forged + honest)
    return forged_rows


def statuses(petition):
    return sorted(petition.signatures.values_list("family_name", "status"))


def test_it_counts_first_and_changes_nothing(petition, staff):
    crowd(petition)
    job = job_of(staff, family_name="forged", petition=petition.pk)
    assert (job.status, job.counted, job.conditions) == (
        "counted", 8, {"family_name": "forged", "petition": petition.pk},
    )  # fmt: skip
    assert len(invalidating.examples(job)) == 8
    assert invalidating.step(job.pk) is False
    assert petition.signatures.filter(status=Status.INVALID).count() == 0


def test_what_takes_long_to_count_is_counted_by_a_worker(petition, staff, monkeypatch):
    crowd(petition)
    monkeypatch.setattr(invalidating, "PATIENCE", 1)
    slow = Signature.objects.filter(family_name="Forged").extra(where=["pg_sleep(0.01) IS NOT NULL"])
    monkeypatch.setattr(invalidating, "matching", lambda said: slow)
    job = job_of(staff, family_name="Forged")
    assert (job.status, job.counted, invalidating.is_any_due()) == ("counting", 0, True)
    with pytest.raises(invalidating.WrongState):
        invalidating.start(job=job, by=staff)
    assert invalidating.step(job.pk) is True
    job.refresh_from_db()
    assert (job.status, job.counted, len(invalidating.examples(job))) == ("counted", 8, 8)
    assert invalidating.step(job.pk) is False
    assert [entry.change_message for entry in staff.logentry_set.all()] == [
        "Counted signatures by condition (count: 8)"
    ]


def test_a_count_that_failed_is_tried_again_and_takes_nothing(petition, staff):
    crowd(petition)
    job = job_of(staff, family_name="Forged")
    failed = {"status": "failed", "failure": "A part could not be done (X).", "finished_at": timezone.now()}
    Invalidation.objects.filter(pk=job.pk).update(**failed)
    invalidating.go_on(job=job, by=staff)
    assert job.status == "counting"
    assert run(job).status == "counted"
    assert petition.signatures.filter(status=Status.INVALID).count() == 0


def test_it_takes_what_is_meant_part_by_part_with_exact_tallies_and_gives_exactly_that_back(petition, staff):
    crowd(petition)
    by_hand = SignatureFactory(petition=petition, family_name="Forged", status=Status.INVALID)
    before = statuses(petition)
    job = begun(staff, family_name="Forged")
    parts = 0
    while invalidating.step(job.pk):
        parts += 1
        assert is_exact(petition)
    job.refresh_from_db()
    assert (job.status, job.taken, tallies.count(petition), parts > 2) == ("done", 8, 3, True)
    invalidating.undo(job=job, by=staff)
    while invalidating.step(job.pk):
        assert is_exact(petition)
    job.refresh_from_db()
    assert (job.status, job.given_back, tallies.count(petition)) == ("undone", 8, 10)
    assert statuses(petition) == before
    by_hand.refresh_from_db()
    assert by_hand.status == Status.INVALID
    said = list(staff.logentry_set.order_by("pk").values_list("change_message", flat=True))
    assert said == [
        "Counted signatures by condition (count: 8)",
        "Began to set aside (count: 8)",
        "Done (taken: 8, given_back: 0)",
        "Began to take back (taken: 8)",
        "Taken back (taken: 8, given_back: 8)",
    ]


def test_cancelled_between_parts_it_stops_and_what_it_took_can_be_given_back(petition, staff):
    crowd(petition)
    job = begun(staff, family_name="Forged")
    invalidating.step(job.pk)
    invalidating.cancel(job=job, by=staff)
    assert invalidating.step(job.pk) is False
    job.refresh_from_db()
    assert (job.status, job.taken, is_exact(petition)) == ("cancelled", 3, True)
    invalidating.undo(job=job, by=staff)
    assert (run(job).given_back, tallies.count(petition)) == (3, 10)


def test_who_signs_after_the_start_is_not_meant(petition):
    crowd(petition)
    job = begun(family_name="Forged")
    late = SignatureFactory(petition=petition, family_name="Forged")
    assert run(job).taken == 8
    late.refresh_from_db()
    assert late.status == Status.CONFIRMED


def test_two_jobs_over_the_same_signatures_take_each_once_and_undo_only_their_own(petition):
    crowd(petition)
    one, two = begun(family_name="Forged"), begun(zip_code="20001")
    for _ in range(20):
        invalidating.step(one.pk)
        invalidating.step(two.pk)
        assert is_exact(petition)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.taken + two.taken, tallies.count(petition)) == (11, 0)
    invalidating.undo(job=two, by=None)
    assert run(two).given_back == two.taken
    assert petition.signatures.filter(status=Status.INVALID).count() == one.taken
    invalidating.undo(job=one, by=None)
    run(one)
    assert (tallies.count(petition), is_exact(petition)) == (10, True)


def test_what_a_colleague_reinstated_meanwhile_is_not_touched_again(petition, staff):
    rows = crowd(petition)
    one = run(begun(family_name="Forged"))
    kept = Signature.objects.filter(pk__in=[rows[0].pk, rows[1].pk])
    assert signing.reinstate_signatures(signatures=kept, by=staff) == 2
    two = run(begun(given_name="Ada", family_name="Forged"))
    assert two.taken == 2
    invalidating.undo(job=one, by=staff)
    assert run(one).given_back == 6
    assert list(kept.values_list("status", flat=True)) == ["invalid", "invalid"]
    invalidating.undo(job=two, by=staff)
    assert (run(two).given_back, tallies.count(petition), is_exact(petition)) == (2, 10, True)


def test_a_signature_that_was_erased_meanwhile_stops_no_undo(petition):
    rows = crowd(petition)
    job = run(begun(family_name="Forged"))
    rows[0].delete()
    invalidating.undo(job=job, by=None)
    assert (run(job).given_back, job.taken, is_exact(petition)) == (7, 8, True)


def test_a_part_that_fails_is_tried_again_and_then_given_up_with_the_reason(petition, monkeypatch, caplog):
    crowd(petition)
    job = begun(family_name="Forged")
    monkeypatch.setattr(tallies, "note", lambda *_: 1 / 0)
    for _ in range(3):
        Invalidation.objects.update(resumes_at=None)
        invalidating.step(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, job.taken) == ("failed", "A part could not be done (ZeroDivisionError).", 0)
    assert petition.signatures.filter(status=Status.INVALID).count() == TakenSignature.objects.count() == 0
    monkeypatch.undo()
    invalidating.go_on(job=job, by=None)
    assert (run(job).status, job.taken) == ("done", 8)


def test_a_failed_undo_goes_on_as_an_undo(petition):
    crowd(petition)
    job = run(begun(family_name="Forged"))
    invalidating.undo(job=job, by=None)
    Invalidation.objects.update(status="failed", failure="x", finished_at=timezone.now())
    invalidating.go_on(job=job, by=None)
    assert (run(job).status, job.given_back) == ("undone", 8)


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        (invalidating.start, {"counted"}),
        (invalidating.cancel, {"counting", "counted", "running"}),
        (invalidating.undo, {"done", "cancelled", "failed"}),
        (invalidating.go_on, {"failed"}),
    ],
)
def test_each_step_is_taken_from_its_states_only(petition, act, allowed):
    for status in Invalidation.Status:
        is_over = status in ("done", "cancelled", "failed", "undone")
        job = Invalidation.objects.create(
            conditions={"zip_code": "1"}, reason="test", counted=0, status=status, started_at=timezone.now(),
            finished_at=timezone.now() if is_over else None, failure="x" if status == "failed" else "",
        )  # fmt: skip
        if status in allowed:
            act(job=job, by=None)
        else:
            with pytest.raises(invalidating.WrongState):
                act(job=job, by=None)


def test_a_decision_follows_the_job_and_comes_open_again_with_its_undo(petition, staff):
    score = ScoreFactory(signature=SignatureFactory(petition=petition, family_name="Forged"))
    job = run(begun(staff, family_name="Forged"))
    score.refresh_from_db()
    assert (score.decision, score.decided_by) == ("set-aside", staff)
    invalidating.undo(job=job, by=staff)
    run(job)
    assert SignatureScore.objects.waiting().count() == 1


def test_a_job_whose_bell_was_lost_is_rung_for_and_worked_through(petition):
    crowd(petition)
    job = begun(family_name="Forged")
    assert invalidating.is_any_due() is True
    tasks.ring_for_invalidations()
    tasks.work_on_invalidations()
    job.refresh_from_db()
    assert (job.status, invalidating.is_any_due()) == ("done", False)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"petition": 1},
        {"petition": 1, "state": "DC", "district": "DC-00"},
        {"given_name": "", "score": None},
        {"email": "*"},
        {"zip_code": "**", "petition": 1},
    ],
)
def test_a_condition_that_says_nothing_is_refused(petition, said):
    with pytest.raises(conditions.TooWide):
        job_of(**said)
    assert Invalidation.objects.count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"given_name": "Mal*"},
        {"family_name": "FORGED"},
        {"email": "bot+*@bad.example"},
        {"domain": "bad.example"},
        {"zip_code": "991*"},
        {"address": address_hash("203.0.113.9")},
        {"network": network_hash("203.0.113.200")},
        {"score": 60},
        {"source_code": "sheet-1"},
        {"state": "WA", "zip_code": "99101"},
        {"district": "WA-05", "zip_code": "99101"},
        {"created_from": "2020-01-01T00:00:00+00:00", "created_to": "2020-02-01T00:00:00+00:00"},
    ],
)
def test_each_condition_means_its_own_and_nobody_else(petition, said):
    moment = timezone.now().replace(year=2020, month=1, day=15)
    meant = SignatureFactory(
        petition=petition, given_name="Mallory", family_name="Forged", email="bot+7@bad.example", zip_code="99101",
        state="WA", source_code="sheet-1", created_at=moment, district="WA-05", district_how="unique",
        district_congress=119,
    )  # fmt: skip
    EvidenceFactory(signature=meant, address="203.0.113.9")
    ScoreFactory(signature=meant, score=60)
    other = SignatureFactory(petition=petition, email="botx7@bad.example.org")
    EvidenceFactory(signature=other, address="203.0.114.9")
    ScoreFactory(signature=other, score=59)
    SignatureFactory(petition=petition)
    assert list(conditions.matching(conditions.checked(said))) == [meant]


def test_a_network_is_taken_as_an_address_a_network_or_a_hash_and_kept_as_a_hash():
    asked = ("203.0.113.9", "203.0.113.0/24", network_hash("203.0.113.1"), "2001:db8:1:2::/64")
    assert [conditions.network_condition(text) for text in asked] == [
        {"address": address_hash("203.0.113.9")},
        {"network": network_hash("203.0.113.1")},
        {"network": network_hash("203.0.113.1")},
        {"network": network_hash("2001:db8:1:2::9")},
    ]
    for text in ("203.0.0.0/16", "nonsense", "203.0.113.300"):
        with pytest.raises(conditions.NoNetwork):
            conditions.network_condition(text)


def test_the_conditions_are_read_again_in_words(petition):
    said = {"score": 60, "petition": petition.pk}
    assert conditions.in_words(said) == [("petition", petition.slug), ("score, from", "60")]


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("petitions_invalidation_status", {"status": "gone", "started_at": timezone.now()}),
        ("petitions_invalidation_reason", {"reason": "why"}),
        ("petitions_invalidation_conditions", {"conditions": {}}),
        ("petitions_invalidation_started", {"status": "running"}),
        ("petitions_invalidation_finished", {"finished_at": timezone.now()}),
        ("petitions_invalidation_given_back", {"given_back": 1}),
        ("petitions_invalidation_explained", {
            "status": "failed", "started_at": timezone.now(), "finished_at": timezone.now(),
        }),
    ],
)  # fmt: skip
def test_the_database_holds_what_a_job_is(rule, changes):
    values = {"conditions": {"zip_code": "1"}, "reason": "test", "counted": 0, **changes}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Invalidation.objects.create(**values)


def test_a_signature_is_held_by_one_job_at_a_time_and_taken_by_each_once(petition):
    signature = SignatureFactory(petition=petition)
    one, two = job_of(zip_code="1"), job_of(zip_code="1")
    taken = TakenSignature.objects.create(job=one, signature=signature)
    with pytest.raises(IntegrityError, match="petitions_takensignature_held"), transaction.atomic():
        TakenSignature.objects.create(job=two, signature=signature)
    TakenSignature.objects.filter(pk=taken.pk).update(released_at=timezone.now())
    with pytest.raises(IntegrityError, match="petitions_takensignature_once"), transaction.atomic():
        TakenSignature.objects.create(job=one, signature=signature)


def test_a_part_takes_the_same_statements_however_many_it_takes(petition, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(invalidating, "SPAN", 10_000)
    monkeypatch.setattr(invalidating, "MOST_OF_A_PART", 1000)
    for count in (3, 30):
        with transaction.atomic():
            crowd(PetitionFactory(), forged=count)
            job = begun(family_name="Forged")
            with django_assert_num_queries(10):
                invalidating.step(job.pk)
            run(job)
