"""Many at once: real threads, real connections, no lock but the database's own."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from members import erasing, subscriptions
from members.models import Message, Person, Subscription
from petitions import signing, stories, tallies
from petitions.models import Signature, TallyDelta
from tests.members.factories import StaffFactory
from tests.petitions.conftest import ADA
from tests.petitions.factories import PetitionFactory, TallyDeltaFactory

pytestmark = pytest.mark.django_db(transaction=True)
Status = Signature.Status


@pytest.fixture
def petition():
    return PetitionFactory()


def sign(petition, **changes):
    signing.sign(petition=petition, **{**ADA, **changes})


def tokens(petition, count):
    for number in range(count):
        sign(petition, email=f"signer{number}@example.org")
    return [signing.confirm_token(row) for row in Signature.objects.order_by("pk")]


def written():
    return list(TallyDelta.objects.order_by("pk").values_list("state", "amount"))


def confirmed_by_state(petition):
    """As the signatures themselves say it."""
    rows = petition.signatures.counting().values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def correct(signature, **changes):
    names = ("given_name", "family_name", "zip_code", "local", "comment", "show_name")
    return signing.correct_signature(
        signature=signature, **{**{name: getattr(signature, name) for name in names}, **changes}
    )


@pytest.fixture
def meanwhile():
    """Start calls in threads and come back when each of them waits for a row that the caller holds."""
    threads = []

    def meanwhile(*calls):
        def run(call):
            try:
                call()
            finally:
                connections.close_all()

        threads.extend(threading.Thread(target=run, args=[call]) for call in calls)
        for thread in threads:
            thread.start()
        ends = time.monotonic() + 10
        while waiting() < len(calls):
            assert time.monotonic() < ends, "nobody waits"
            time.sleep(0.01)

    yield meanwhile
    assert not any(thread.is_alive() for thread in threads)


def waiting():
    """How many connections to this database wait for another one's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def finished(count):
    """Wait until `count` threads of ours are done."""
    ends = time.monotonic() + 10
    while threading.active_count() > count:
        assert time.monotonic() < ends, "somebody hangs"
        time.sleep(0.01)


def test_signing_again_while_a_confirmation_is_under_way_overwrites_nothing(petition, meanwhile):
    sign(petition)
    before = threading.active_count()
    with transaction.atomic():
        token = signing.confirm_token(Signature.objects.select_for_update().get())
        meanwhile(lambda: sign(petition, given_name="Mallory"))
        signing.confirm_signature(token=token)
    finished(before)
    assert Signature.objects.values_list("given_name", "status").get() == ("Ada", Status.CONFIRMED)
    assert Message.objects.order_by("pk").last().template == "petitions/already_signed"


def test_two_of_staff_setting_aside_the_same_signature_take_it_from_the_count_once(petition, meanwhile):
    staff = StaffFactory()
    signing.confirm_signature(token=tokens(petition, 1)[0])
    before = threading.active_count()
    with transaction.atomic():
        Signature.objects.select_for_update().get()
        meanwhile(*[lambda: signing.invalidate_signatures(signatures=Signature.objects.all(), by=staff)] * 2)
    finished(before)
    assert written() == [("DC", 1), ("DC", -1)]
    assert staff.logentry_set.count() == 1


def test_one_person_signing_in_twenty_threads_is_one_row_and_one_letter(petition, together):
    spellings = ["ada.lovelace@gmail.com", "adalovelace@gmail.com"]
    calls = [lambda each=spellings[n % 2]: sign(petition, email=each) for n in range(20)]
    assert together(*calls) == [None] * 20
    assert (Signature.objects.count(), Signature.objects.get().letters_sent, Message.objects.count()) == (1, 1, 1)


def test_one_link_pressed_in_sixteen_threads_counts_once(petition, together):
    sign(petition, wants_newsletter=True, newsletter_wording="Yes.")
    (token,) = [signing.confirm_token(row) for row in Signature.objects.all()]
    results = together(*[lambda: signing.confirm_signature(token=token).status] * 16)
    assert results == [Status.CONFIRMED] * 16
    assert written() == [("DC", 1)]
    assert (tallies.count(petition), Person.objects.count(), Subscription.objects.count()) == (1, 1, 1)
    assert Message.objects.filter(template="petitions/thank_you").count() == 1


def test_the_count_is_exact_while_people_confirm_withdraw_and_jobs_drain_and_recount(petition, together):
    links = tokens(petition, 24)

    def come_and_perhaps_go(number, token):
        signature = signing.confirm_signature(token=token)
        if number % 2 == 0:
            correct(signature, zip_code="75201" if number % 4 else "10001")
        if number % 3 == 0:
            signing.withdraw_signature(signature=signature)

    def work():
        return [(tallies.drain(), tallies.recount()) for _ in range(10)]

    people = [lambda n=n, token=token: come_and_perhaps_go(n, token) for n, token in enumerate(links)]
    results = together(*people, work, work)
    assert results[:24] == [None] * 24
    assert [repairs for done in results[24:] for _, repairs in done] == [[]] * 20
    assert (tallies.count(petition), Signature.objects.counting().count()) == (16, 16)
    assert tallies.by_state(petition) == confirmed_by_state(petition) == {"DC": 8, "NY": 4, "TX": 4}
    tallies.drain()
    assert tallies.by_state(petition) == {"DC": 8, "NY": 4, "TX": 4}
    assert (tallies.count(petition), TallyDelta.objects.count()) == (16, 0)


def elsewhere(call):
    """What a call gives back that is made over another connection."""
    found = []

    def run():
        try:
            found.append(call())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_a_signature_is_confirmed_while_its_person_comes_and_is_erased(petition):
    sign(petition, wants_newsletter=True, newsletter_wording="Yes.")
    token, came = signing.confirm_token(Signature.objects.get()), []

    def beside(execute, sql, *rest):
        if came or not sql.startswith('INSERT INTO "members_person"'):
            return execute(sql, *rest)
        came.append(elsewhere(lambda: subscriptions.subscribe(email=ADA["email"], wording="Yes.", source="/")))
        try:
            return execute(sql, *rest)
        finally:
            assert elsewhere(lambda: erasing.erase(key=came[0].key))

    with connection.execute_wrapper(beside):
        assert signing.confirm_signature(token=token).status == Status.CONFIRMED
    assert Person.objects.values_list("email", "subscription__status").get() == (ADA["email"], "active")
    assert (len(came), tallies.count(petition)) == (1, 1)


def test_a_recount_repairs_drift_while_people_confirm(petition, together):
    links = tokens(petition, 12)
    TallyDeltaFactory.create_batch(5, petition=petition)
    results = together(
        *[lambda token=token: signing.confirm_signature(token=token).status for token in links],
        tallies.recount,
        tallies.drain,
    )
    assert results[:12] == [Status.CONFIRMED] * 12
    assert {repair.difference for repair in results[12]} == {-5}
    assert tallies.count(petition) == 12


def test_two_recounts_at_once_repair_once(petition, together):
    TallyDeltaFactory.create_batch(5, petition=petition)
    results = together(*[tallies.recount] * 6)
    assert sorted(len(repairs) for repairs in results) == [0, 0, 0, 0, 0, 6]  # of each dimension one
    assert tallies.count(petition) == 0


def test_a_reader_never_sees_the_count_move_while_it_is_drained(petition, together):
    def read():
        return {tallies.count(petition) for _ in range(50)}

    def drain():
        for _ in range(20):
            tallies.drain()

    TallyDeltaFactory.create_batch(500, petition=petition)
    assert together(drain, read, read, read)[1:] == [{500}] * 3


def test_withdrawing_and_setting_aside_at_once_leaves_the_count_right(petition, together):
    staff = StaffFactory()
    for token in tokens(petition, 8):
        signing.confirm_signature(token=token)
    rows = list(Signature.objects.all())
    results = together(
        *[lambda row=row: signing.withdraw_signature(signature=row).status for row in rows],
        *[lambda: signing.invalidate_signatures(signatures=Signature.objects.all(), by=staff)] * 2,
    )
    assert {str(each) for each in results[:8]} <= {"withdrawn", "invalid"}
    assert (tallies.count(petition), tallies.recount()) == (0, [])


def test_moving_confirming_and_withdrawing_one_signature_at_once_leaves_every_count_right(petition, together):
    """Sixteen threads pull at each of four signatures; whoever comes last, counts and signatures agree."""
    links = tokens(petition, 4)
    rows = list(Signature.objects.order_by("pk"))
    zips = ["75201", "10001", "96799", "00000"]
    calls = []
    for row, token in zip(rows, links, strict=True):
        calls += [lambda token=token: signing.confirm_signature(token=token).status]
        calls += [lambda row=row, code=code: correct(row, zip_code=code).status for code in zips]
    calls += [lambda row=row: signing.withdraw_signature(signature=row).status for row in rows[:2]]
    together(*calls, tallies.drain, tallies.recount, tallies.drain)
    assert tallies.count(petition) == petition.signatures.counting().count()
    assert tallies.by_state(petition) == confirmed_by_state(petition)
    assert tallies.recount() == []


def test_a_correction_that_waits_for_a_withdrawal_moves_nothing(petition, meanwhile):
    signing.confirm_signature(token=tokens(petition, 1)[0])
    before = threading.active_count()
    with transaction.atomic():
        row = Signature.objects.select_for_update().get()
        meanwhile(lambda: correct(row, zip_code="75201"))
        signing.withdraw_signature(signature=row)
    finished(before)
    assert (tallies.count(petition), tallies.by_state(petition)) == (0, {})
    assert TallyDelta.objects.filter(state="TX").count() == 0


def test_two_corrections_at_once_move_the_signature_to_where_it_ends(petition, meanwhile):
    signing.confirm_signature(token=tokens(petition, 1)[0])
    before = threading.active_count()
    with transaction.atomic():
        row = Signature.objects.select_for_update().get()
        meanwhile(lambda: correct(row, zip_code="75201"))
        correct(row, zip_code="10001")
    finished(before)
    assert tallies.by_state(petition) == {"TX": 1}
    assert (tallies.count(petition), tallies.recount()) == (1, [])


def test_a_comment_that_is_withdrawn_while_staff_show_it_is_not_shown(petition, meanwhile):
    staff = StaffFactory()
    sign(petition, comment="Hear us.")
    signing.confirm_signature(token=signing.confirm_token(Signature.objects.get()))
    before = threading.active_count()
    with transaction.atomic():
        row = Signature.objects.select_for_update().get()
        meanwhile(lambda: stories.show_stories(signatures=Signature.objects.all(), by=staff))
        signing.withdraw_signature(signature=row)
    finished(before)
    assert (list(Signature.objects.stories()), staff.logentry_set.count()) == ([], 0)
