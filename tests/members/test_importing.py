"""Lists that come in: what becomes of each line, and what no list can do."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from csan.lib.addresses import email_key
from members import emails, importing, subscriptions
from members.models import (
    ImportedAddress,
    ImportPart,
    Message,
    Person,
    SubscriberImport,
    Subscription,
    Suppression,
)
from tests.members.factories import (
    LocalFactory,
    PersonFactory,
    StaffFactory,
    SubscriptionFactory,
    SuppressionFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

CONSENT = importing.Consent(source="sign-up sheet, October meeting", on=date(2026, 10, 14), wording="Send me news.")
AGREED, ASK = SubscriberImport.Mode.AGREED, SubscriberImport.Mode.ASK


@pytest.fixture(autouse=True)
def after_the_meeting():
    with time_machine.travel(datetime(2026, 11, 20, 15, tzinfo=UTC)):
        yield


def upload(text, mode=AGREED, by=None):
    content = text if isinstance(text, bytes) else text.encode()
    return importing.upload(file=io.BytesIO(content), filename="list.csv", consent=CONSENT, mode=mode, by=by)


def look_through(job, columns=None):
    importing.check(job=job, columns=columns or job.columns, by=None)
    importing.work()
    job.refresh_from_db()
    return job


def take_in(text, mode=AGREED):
    job = look_through(upload(text, mode))
    importing.run(job=job, by=None)
    importing.work()
    job.refresh_from_db()
    return job


def said(job):
    return [(problem.line, problem.outcome, problem.reason) for problem in importing.problems(job)]


def test_who_agreed_in_writing_is_subscribed_with_the_evidence():
    local = LocalFactory(number="1101")
    job = take_in(
        "Email,First name,Last name,ZIP,Union Local,Company,Language,Consent date\n"
        "Ada@Example.org,Ada,Ruiz,2139,CWA Local 1101,Verizon,Español,10/15/2026\n"
    )
    assert (job.status, job.counts) == ("done", {"added": 1})
    row = Subscription.objects.select_related("person").get()
    person = row.person
    assert (person.email, person.given_name, person.family_name) == ("ada@example.org", "Ada", "Ruiz")
    assert (person.zip_code, person.local, person.employer, person.language) == ("02139", local, "Verizon", "es")
    assert person.email_verified_at is None
    assert (row.status, row.wording, row.source) == ("active", "Send me news.", f"Import {job.pk}: {CONSENT.source}")
    assert timezone.localdate(row.asked_at) == date(2026, 10, 15)
    assert row.confirmed_at is not None
    assert not Message.objects.exists()


def test_the_day_of_the_form_stands_in_for_one_that_the_file_does_not_say():
    job = take_in("email,date\nada@example.org,\nbea@example.org,2031-01-01\n")
    assert {timezone.localdate(row.asked_at) for row in Subscription.objects.all()} == {date(2026, 10, 14)}
    assert said(job) == [(3, "added", "Date of consent left out: “2031-01-01” is no day that has been.")]


def test_who_is_asked_gets_one_letter_whose_button_subscribes(client, mailbox):
    take_in("correo,nombre,idioma\nada@example.org,Ada,es\n", ASK)
    assert Subscription.objects.get().status == "pending"
    (letter,) = mailbox.send_and_read()
    text = letter.get_body(("plain",)).get_content()
    assert CONSENT.source in " ".join(text.split())
    assert "boletín" in letter["Subject"]
    link = next(word for word in text.split() if "/confirm/" in word).removeprefix("http://testserver")
    assert client.post(link).status_code == 303
    assert Subscription.objects.get().status == "active"


def test_letters_that_ask_leave_one_after_the_other(settings):
    settings.IMPORT_LETTERS_PER_HOUR = 60
    job = take_in("email\n" + "".join(f"a{number}@example.org\n" for number in range(3)), ASK)
    moments = list(Message.objects.order_by("pk").values_list("available_at", flat=True))
    assert [moment - moments[0] for moment in moments] == [timedelta(minutes=number) for number in range(3)]
    assert job.status == "done"


def test_a_list_that_asks_goes_on_only_when_its_last_letters_have_left(settings):
    settings.IMPORT_LETTERS_PER_HOUR = 500
    job = take_in("email\n" + "".join(f"a{number}@example.org\n" for number in range(501)), ASK)
    assert (job.status, Message.objects.count()) == ("running", 500)
    assert job.resumes_at > timezone.now() + timedelta(minutes=59)
    assert not importing.is_any_due()
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert importing.is_any_due()
        importing.work()
    job.refresh_from_db()
    assert (job.status, Message.objects.count()) == ("done", 501)


def test_looking_through_writes_to_nobody_and_says_what_would_be():
    SubscriptionFactory(person__email="known@example.org", person__zip_code="")
    SuppressionFactory(email_key=email_key("gone@example.org"), reason=Suppression.Reason.COMPLAINED)
    text = (
        "email,zip\nnew@example.org,10001\nknown@example.org,10002\ngone@example.org,\nnot an address,\n"
        "new@example.org,\nwrong@example.org,ABC\n"
    )
    job = look_through(upload(text))
    assert (job.status, Person.objects.count(), Subscription.objects.count()) == ("checked", 1, 1)
    assert job.forecast == {"added": 2, "merged": 2, "refused": 1, "invalid": 1}
    assert said(job) == [
        (3, "merged", "Filled in: zip code."),
        (4, "refused", "Nobody may write to this mailbox: marked our mail as spam."),
        (5, "invalid", "“not an address” is not a complete e-mail address."),
        (6, "merged", "The same mailbox as on line 2."),
        (7, "added", "ZIP code left out: A ZIP code has five digits, such as 02139."),
    ]
    importing.run(job=job, by=None)
    importing.work()
    job.refresh_from_db()
    assert job.counts == job.forecast


@pytest.mark.parametrize("reason", Suppression.Reason.values)
def test_a_suppressed_mailbox_is_refused_in_any_spelling(reason):
    SuppressionFactory(email_key=email_key("ada.lovelace@gmail.com"), reason=reason)
    job = take_in("email\nAdaLovelace+news@googlemail.com\n")
    assert (job.counts, Person.objects.count()) == ({"refused": 1}, 0)


@pytest.mark.parametrize("mode", [AGREED, ASK])
def test_who_left_is_never_brought_back(mode):
    row = SubscriptionFactory(
        person__email="ada@example.org", status="unsubscribed", unsubscribed_at=datetime(2026, 5, 2, 12, tzinfo=UTC)
    )
    job = take_in("email,employer\nada@example.org,Verizon\n", mode)
    row.refresh_from_db()
    assert (row.status, job.counts, Message.objects.count()) == ("unsubscribed", {"skipped": 1}, 0)
    assert said(job) == [(2, "skipped", "They left on May 2, 2026; only they themselves can come back.")]
    assert Person.objects.get().employer == ""


def test_who_leaves_after_the_look_through_is_not_brought_back():
    job = look_through(upload("email\nada@example.org\n"))
    row = SubscriptionFactory(person__email="ada@example.org")
    subscriptions.unsubscribe(key=row.key)
    importing.run(job=job, by=None)
    importing.work()
    row.refresh_from_db()
    assert row.status == "unsubscribed"


def test_blanks_are_filled_and_nothing_that_stands_is_overwritten():
    before = SubscriptionFactory(
        person__email="ada.l@gmail.com", person__given_name="Ada", person__zip_code="", wording="as on the page"
    )
    job = take_in("email,first name,last name,zip,language\nadal@gmail.com,Adele,Lovelace,10001,es\n")
    person = Person.objects.get()
    assert (person.given_name, person.family_name, person.zip_code) == ("Ada", "Lovelace", "10001")
    assert (person.email, person.language) == ("ada.l@gmail.com", "en")
    assert Subscription.objects.get().wording == before.wording
    assert (job.counts, said(job)) == ({"merged": 1}, [(2, "merged", "Filled in: family name, zip code.")])


def test_a_subscriber_with_nothing_new_is_left_alone():
    SubscriptionFactory(person__email="ada@example.org")
    job = take_in("email\nada@example.org\n")
    assert (job.counts, said(job)) == ({"skipped": 1}, [(2, "skipped", "Subscribed already.")])


def test_somebody_known_who_never_subscribed_is_subscribed():
    person = PersonFactory(email="ada@example.org")
    job = take_in("email\nada@example.org\n")
    assert (Subscription.objects.get().person, job.counts) == (person, {"merged": 1})


def test_a_request_that_was_never_confirmed_is_confirmed_by_the_sheet_and_not_asked_twice():
    SubscriptionFactory(person__email="ada@example.org", status="pending", confirmed_at=None)
    assert said(take_in("email\nada@example.org\n", ASK)) == [(2, "skipped", "Asked already, a few days ago.")]
    assert not Message.objects.exists()
    take_in("email\nada@example.org\n", AGREED)
    assert Subscription.objects.get().status == "active"


def test_one_mailbox_on_two_lines_is_one_person_with_what_both_lines_say():
    job = take_in("email,first,zip\nada.l@gmail.com,Ada,\nadal+union@gmail.com,Adele,10001\n")
    person = Person.objects.get()
    assert (person.given_name, person.zip_code, job.counts) == ("Ada", "10001", {"added": 1, "merged": 1})
    assert said(job) == [(3, "merged", "The same mailbox as on line 2; filled in: zip code.")]


def test_one_mailbox_in_two_parts_of_the_file_is_one_person():
    lines = [f"a{number}@example.org," for number in range(600)]
    job = take_in("email,zip\n" + "\n".join([*lines, "a0@example.org,10001"]) + "\n")
    assert (Person.objects.count(), job.counts) == (600, {"added": 600, "merged": 1})
    assert Person.objects.get(email="a0@example.org").zip_code == "10001"


def test_who_the_file_itself_calls_unsubscribed_stays_out():
    job = take_in("email,status\nada@example.org,unsubscribed\nbea@example.org,subscribed\n")
    assert list(Person.objects.values_list("email", flat=True)) == ["bea@example.org"]
    assert said(job) == [(2, "skipped", "The file says that they left.")]


def test_the_list_can_be_taken_in_a_second_time_and_nothing_changes():
    text = "email,zip\nada@example.org,10001\n"
    take_in(text)
    before = list(Subscription.objects.values())
    assert take_in(text).counts == {"skipped": 1}
    assert list(Subscription.objects.values()) == before


def test_names_and_addresses_that_cannot_be_used_are_named_and_the_rest_goes_in():
    job = take_in("email,first name,local,language\nada@example.org,see www.spam.com,1101,klingon\n,Bea,,\n")
    assert Person.objects.get().given_name == ""
    assert said(job) == [
        (
            2,
            "added",
            "Language left out: “klingon” is neither English nor Spanish. "
            "First name left out: Please leave web addresses out of this field.",
        ),
        (3, "invalid", "There is no e-mail address on this line."),
    ]


def test_a_local_number_that_two_affiliates_share_is_kept_as_it_was_written():
    LocalFactory(affiliate="CWA", number="1101")
    iue = LocalFactory(affiliate="IUE-CWA", number="1101")
    take_in("email,local\na@example.org,1101\nb@example.org,IUE-CWA Local 1101\nc@example.org,the one downtown\n")
    assert list(Person.objects.order_by("email").values_list("local", "local_as_written")) == [
        (None, "1101"),
        (iue.pk, "IUE-CWA Local 1101"),
        (None, "the one downtown"),
    ]


def test_cancelling_keeps_what_went_in_and_stops_the_rest():
    staff = StaffFactory()
    job = look_through(upload("email\n" + "".join(f"a{number}@example.org\n" for number in range(1200))))
    importing.run(job=job, by=staff)
    assert importing.step(job.pk)
    importing.cancel(job=job, by=staff)
    importing.work()
    job.refresh_from_db()
    assert (job.status, Person.objects.count(), job.rows_done) == ("cancelled", 500, 500)
    with pytest.raises(importing.WrongState):
        importing.run(job=job, by=staff)


def test_an_import_is_taken_back_but_not_from_those_who_acted_since():
    staff = StaffFactory()
    known = PersonFactory(email="known@example.org")
    job = take_in("email\nnew@example.org\nleft@example.org\nknown@example.org\n")
    subscriptions.unsubscribe(key=Subscription.objects.get(person__email="left@example.org").key)
    importing.undo(job=job, by=staff)
    importing.work()
    job.refresh_from_db()
    assert (job.status, job.taken_back) == ("undone", 2)
    assert set(Person.objects.values_list("email", flat=True)) == {"left@example.org", known.email}
    assert Subscription.objects.get().status == "unsubscribed"


def test_taking_back_stops_letters_that_wait_and_leaves_who_confirmed():
    staff = StaffFactory()
    job = take_in("email\nyes@example.org\nsilent@example.org\n", ASK)
    yes = Subscription.objects.get(person__email="yes@example.org")
    subscriptions.confirm(token=subscriptions.confirm_token(yes))
    importing.undo(job=job, by=staff)
    importing.work()
    assert list(Subscription.objects.values_list("person__email", "status")) == [("yes@example.org", "active")]
    assert list(Message.objects.filter(status="skipped").values_list("to", "reason")) == [
        ("silent@example.org", "the import was taken back")
    ]


def test_taking_back_twice_or_before_anything_went_in_is_refused():
    job = upload("email\nada@example.org\n")
    with pytest.raises(importing.WrongState):
        importing.undo(job=job, by=StaffFactory())
    with pytest.raises(importing.WrongState):
        importing.run(job=job, by=None)
    assert SubscriberImport.objects.get().status == "uploaded"


def test_without_a_column_of_addresses_nothing_is_looked_through():
    job = upload("name,phone\nAda,202\n")
    assert job.columns == {}
    with pytest.raises(importing.NoAddresses):
        importing.check(job=job, columns={}, by=None)


def test_another_choice_of_columns_looks_through_anew():
    job = look_through(upload("email,second\nnot one,ada@example.org\n"))
    assert job.forecast == {"invalid": 1}
    assert look_through(job, {"email": 1}).forecast == {"added": 1}


def test_a_part_that_fails_is_tried_again_and_given_up_with_a_reason(caplog, monkeypatch):
    job = look_through(upload("email\nada@example.org\n", ASK))
    Person.objects.create(email="ada@example.org", email_key="another mailbox's key")  # breaks the unique address
    importing.run(job=job, by=None)
    for attempt in range(3):
        with time_machine.travel(timezone.now() + timedelta(minutes=attempt + 1)):
            importing.work()
    job.refresh_from_db()
    assert (job.status, job.reason) == ("failed", "Lines 1 and following could not be worked on (IntegrityError).")
    assert "ada@example.org" not in caplog.text
    Person.objects.all().delete()
    importing.go_on(job=job, by=StaffFactory())
    importing.work()
    job.refresh_from_db()
    assert (job.status, job.counts) == ("done", {"added": 1})


def test_thirty_days_after_its_end_the_lines_are_deleted_and_the_record_stays():
    ended = take_in("email\nada@example.org\n")
    lying = upload("email\nbea@example.org\n")
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert importing.forget() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert importing.forget() == 2
        assert importing.forget() == 0
    assert (ImportPart.objects.count(), ImportedAddress.objects.count()) == (0, 0)
    ended.refresh_from_db()
    lying.refresh_from_db()
    assert (ended.status, ended.counts, lying.status) == ("done", {"added": 1}, "cancelled")
    with pytest.raises(importing.WrongState):
        importing.undo(job=ended, by=StaffFactory())


def test_a_part_costs_the_same_queries_for_one_line_and_for_many(django_assert_num_queries):
    for lines in (1, 300):
        text = "email,zip\n" + "".join(f"q{lines}n{n}@example.org,10001\n" for n in range(lines))
        job = look_through(upload(text))
        importing.run(job=job, by=None)
        with django_assert_num_queries(14):
            importing.step(job.pk)


def test_the_key_of_a_letter_is_said_once():
    row = SubscriptionFactory(status="pending", confirmed_at=None)
    assert emails.import_key(row, 7) == f"subscription:{row.pk}:import:7"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "lost"}, "members_subscriberimport_status"),
        ({"mode": "guess"}, "members_subscriberimport_mode"),
        ({"consent_source": ""}, "members_subscriberimport_consent"),
        ({"wording": ""}, "members_subscriberimport_consent"),
        ({"status": "running"}, "members_subscriberimport_started"),
        ({"status": "cancelled"}, "members_subscriberimport_finished"),
        ({"next_part": 2}, "members_subscriberimport_cursor"),
        ({"rows_done": 2}, "members_subscriberimport_cursor"),
        ({"status": "failed", "finished_at": datetime(2026, 1, 1, tzinfo=UTC)}, "members_subscriberimport_explained"),
    ],
)
def test_the_database_keeps_an_import_whole(changes, name):
    job = upload("email\nada@example.org\n")
    with pytest.raises(IntegrityError, match=name):
        SubscriberImport.objects.filter(pk=job.pk).update(**changes)


def test_a_part_and_a_mailbox_stand_once_in_a_file():
    job = look_through(upload("email\nada@example.org\n"))
    for row, name in (
        (ImportPart(of=job, number=0, lines=[]), "members_importpart_once"),
        (ImportedAddress(of=job, email_key=email_key("ada@example.org"), line=9), "members_importedaddress_once"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)
