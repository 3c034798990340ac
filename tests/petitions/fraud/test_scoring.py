"""Scores: what speaks against a signature, in sets and in words; never about a hall, never twice the same."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from members import mail_domains
from members.models import Local, MailDomain
from petitions import tasks
from petitions.fraud import rules, scoring
from petitions.models import AllowedNetwork, FraudLimits, FraudMark, Signature, SignatureScore
from tests.petitions.factories import EvidenceFactory, PetitionFactory, SignatureFactory

pytestmark = pytest.mark.django_db
FEW = {"address_limit": 3, "network_limit": 5, "pattern_limit": 3, "name_limit": 3, "domain_limit": 3}
NAMES = ("Ana", "José", "Nguyễn", "Ng", "Xu", "Siobhán", "O’Neil", "Krzysztof", "Lynn", "张", "Ольга", "Aaliyah")


letters = ("".join(four) for four in product("bcdfghkm", repeat=4))


@pytest.fixture
def few():
    """Limits so low that a handful is a crowd."""
    FraudLimits.objects.create(**FEW)


def come(count, *, petition, minutes=1.0, **changes):
    """So many people sign from addresses of their own, with what is said in common."""
    ago = timezone.now() - timedelta(minutes=minutes)
    about = {name: changes.pop(name) for name in ("family_name", "given_name", "zip_code") if name in changes}
    rows = []
    for number in range(count):
        details = {"family_name": f"{NAMES[number % 12]}ez", "zip_code": f"{10000 + number * 7}", **about}
        email = changes.get("email")
        details["email"] = email.format(number) if email else f"{next(letters)}@gmail.com"
        row = EvidenceFactory(
            signature=SignatureFactory(petition=petition, **details),
            signed_at=ago + timedelta(seconds=number),
            **{name: value for name, value in changes.items() if name != "email"},
        )
        rows.append(row.signature)
    return rows


def reasons():
    """The rules that spoke, by the mailbox."""
    return {
        row.signature.email: [reason["rule"] for reason in row.reasons]
        for row in SignatureScore.objects.select_related("signature").order_by("pk")
    }


def test_ordinary_signers_are_not_scored(few, petition):
    for number, name in enumerate(NAMES):
        come(
            1,
            petition=petition,
            given_name=name,
            family_name=f"{NAMES[-number]} de la Cruz",
            email=f"a{number}@gmail.com",
        )
    assert scoring.score_new() == 0
    assert reasons() == {}


def test_a_burst_from_one_address_marks_all_of_it_with_the_reason_in_words(few, petition):
    come(4, petition=petition, address="198.51.100.7")
    assert scoring.score_new() == 4
    row = SignatureScore.objects.first()
    assert (row.score, row.decision, row.petition) == (40, "", petition)
    assert row.reasons == [
        {
            "rule": "address",
            "points": 40,
            "words": "4 signatures from this network address within an hour, more than 3",
        }
    ]


def test_the_limit_itself_is_fine_and_counts_each_petition_apart(few, petition):
    come(3, petition=petition, address="198.51.100.7")
    come(3, petition=PetitionFactory(), address="198.51.100.7")
    assert scoring.score_new() == 0


def test_a_network_and_an_address_speak_together(few, petition):
    come(4, petition=petition, address="198.51.100.7")
    come(2, petition=petition, address="198.51.100.8")
    scoring.score_new()
    assert sorted(SignatureScore.objects.values_list("score", flat=True)) == [20, 20, 60, 60, 60, 60]


@pytest.mark.parametrize("how", ["event", "allowed network"])
def test_a_viral_hall_never_scores(few, petition, how):
    local = Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")
    if how == "allowed network":
        AllowedNetwork.objects.create(local=local, network="198.51.100.0/24", label="hall")
    come(
        30,
        petition=petition,
        address="198.51.100.7",
        seconds=2,
        family_name="Garcia",
        zip_code="10001",
        event_code="event-1" if how == "event" else "",
    )
    assert scoring.score_new() == 0


def test_a_local_is_allowed_its_networks_and_no_others(few, petition):
    local = Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")
    AllowedNetwork.objects.create(local=local, network="198.51.100.0/24", label="hall")
    come(4, petition=petition, address="198.51.101.7")
    assert scoring.score_new() == 4


@pytest.mark.parametrize(
    ("rule", "together"),
    [
        ("disposable", {"email": "ana{0}x@mail.trash.example", "count": 1}),
        ("domain", {"email": "q{0}q@new.example", "mail_domain": "new.example"}),
        ("pattern", {"email": "barbara.reyes{0}@gmail.com"}),
        ("pattern", {"email": "ann{0}@rare.example"}),
        ("family", {"family_name": "Garcia", "zip_code": "10001"}),
        ("no-name", {"given_name": "asdfgh", "count": 1}),
        ("no-name", {"family_name": "Rrrrrr", "count": 1}),
        ("no-name", {"family_name": "Smith99", "count": 1}),
        ("no-name", {"given_name": "Xkcdq", "count": 1}),
    ],
)
def test_each_rule_speaks(few, petition, rule, together):
    MailDomain.objects.create(domain="trash.example", kind=MailDomain.Kind.DISPOSABLE)
    come(together.pop("count", 4), petition=petition, **together)
    scoring.score_new()
    assert reasons()
    assert all(rule in spoken for spoken in reasons().values())


@pytest.mark.parametrize(
    "together",
    [
        {"email": "ann{0}@gmail.com"},  # many Anns have mailboxes there
        {"email": "q{0}q@gmail.com"},
        {"email": "worker{0}x@att.example"},  # an employer's, whose people we speak to
    ],
)
def test_what_many_honest_people_have_in_common_does_not_score(few, petition, together):
    MailDomain.objects.create(domain="att.example", kind=MailDomain.Kind.EMPLOYER)
    come(9, petition=petition, **together)
    assert scoring.score_new() == 0


def test_haste_alone_is_not_worth_a_look_but_adds_to_other_reasons(few, petition):
    come(1, petition=petition, seconds=1)
    hasty = come(1, petition=petition, seconds=1, given_name="qwerty")
    assert scoring.score_new() == 1
    row = SignatureScore.objects.get()
    assert (row.signature, row.score) == (hasty[0], 40)
    assert row.reasons[0]["words"] == "The form came back after 1 s; people need 4 s or more to type"


def test_looking_twice_changes_nothing_and_a_growing_burst_marks_the_first_ones_too(few, petition):
    come(3, petition=petition, address="198.51.100.7", minutes=20)
    assert scoring.score_new() == 0
    come(1, petition=petition, address="198.51.100.7")
    FraudMark.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert scoring.score_new() == 4
    now = timezone.now()
    assert scoring.score_window(now - timedelta(hours=1), now) == 0


def test_a_score_grows_and_never_shrinks_and_a_decision_holds(few, petition):
    rows = come(4, petition=petition, address="198.51.100.7")
    scoring.score_new()
    SignatureScore.objects.filter(pk=rows[0].pk).update(decision="fine", decided_at=timezone.now())
    FraudLimits.objects.update(address_limit=100, network_limit=100)
    now = timezone.now()
    assert scoring.score_window(now - timedelta(hours=1), now) == 0
    FraudLimits.objects.update(address_limit=3, network_limit=3)
    assert scoring.score_window(now - timedelta(hours=1), now) == 3
    assert list(SignatureScore.objects.order_by("pk").values_list("score", flat=True)) == [40, 60, 60, 60]


def test_after_a_rest_of_the_worker_every_hour_is_looked_at(few, petition):
    come(4, petition=petition, address="198.51.100.7", minutes=60 * 5)
    come(3, petition=petition, address="198.51.100.8", minutes=60 * 3 + 50)
    come(3, petition=petition, address="198.51.100.8", minutes=60)
    assert scoring.score_new() == 4


def test_only_standing_signatures_are_asked_about(few, petition):
    rows = come(4, petition=petition, address="198.51.100.7")
    Signature.objects.filter(pk=rows[0].pk).update(status="invalid")
    assert scoring.score_new() == 3


def test_as_many_statements_for_forty_as_for_four(few, petition, django_assert_num_queries):
    now = timezone.now()
    mail_domains.is_employers("ada@example.org")  # this process knows the domains now
    for count in (4, 36):
        come(count, petition=petition, address="198.51.100.7")
        with django_assert_num_queries(12):
            scoring.score_window(now - timedelta(hours=1), now + timedelta(hours=1))
        SignatureScore.objects.all().delete()


def test_points_are_in_one_table_and_stay_within_a_hundred(petition):
    assert rules.score_of([{"rule": name} for name in rules.RULES]) == 100
    assert set(scoring.QUERIES) == set(rules.RULES)
    tasks.score_signatures()
