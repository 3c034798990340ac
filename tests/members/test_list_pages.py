"""The staff pages of imports, exports and the domain doctor: what they show, who may press, what is kept."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from members import domain_doctor, exporting, importing
from members.models import DomainCheck, ExportPart, Person, SubscriberExport, SubscriberImport, Subscription
from members.tasks import forget_lists, ring_for_doctor, ring_for_lists, work_on_lists
from tests.csan.test_domains import RECEIVED
from tests.members.factories import StaffFactory, SubscriptionFactory

pytestmark = pytest.mark.django_db(transaction=True)

IMPORTS, EXPORTS = "/admin/members/subscriberimport/", "/admin/members/subscriberexport/"
DOCTOR = "/admin/members/domaincheck/"
CONSENT = {
    "consent_source": "October meeting",
    "consented_on": "2025-10-14",
    "wording": "Send me news.",
    "mode": "agreed",
}
LIST = "email,first name,zip\nada@example.org,Ada,10001\nnot an address,<b>x</b>,\n"


@pytest.fixture
def staff(client):
    user = StaffFactory(username="staff@example.org")
    client.force_login(user)
    return user


def upload(client, content=LIST, **changes):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(f"{IMPORTS}add/", {**CONSENT, "file": SimpleUploadedFile("list.csv", data), **changes})


def uploaded(client, content=LIST, **changes):
    upload(client, content, **changes)
    return SubscriberImport.objects.latest("pk")


def press(client, job, do, **more):
    model = job._meta.model_name
    return client.post(f"/admin/members/{model}/{job.pk}/change/", {"do": do, **more})


def words(client, job):
    return client.get(f"/admin/members/{job._meta.model_name}/{job.pk}/change/").content.decode()


def columns_of(job):
    return {name: str(number) for name, number in job.columns.items()}


def looked_through(client, content=LIST, **changes):
    job = uploaded(client, content, **changes)
    press(client, job, "check", **columns_of(job))
    work_on_lists()
    job.refresh_from_db()
    return job


def test_from_the_file_to_the_subscriber_and_back(client, staff):
    answer = upload(client)
    job = SubscriberImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{IMPORTS}{job.pk}/change/")
    page = words(client, job)
    assert "Which column is what" in page
    assert "ada@example.org" in page
    assert press(client, job, "check", **columns_of(job)).status_code == 303
    assert "being looked through" in words(client, job).lower()
    work_on_lists()
    page = words(client, job)
    assert "What would be done" in page
    assert "is not a complete e-mail address" in page
    assert Person.objects.count() == 0
    press(client, job, "run")
    assert "Being taken in" in words(client, job)
    work_on_lists()
    assert Subscription.objects.get().status == "active"
    assert "Take this import back" in words(client, job)
    press(client, job, "undo")
    work_on_lists()
    assert "1 subscription was taken back" in words(client, job)
    assert Person.objects.count() == 0
    assert list(LogEntry.objects.order_by("pk").values_list("user", "change_message")) == [
        (staff.pk, said)
        for said in (
            "Uploaded (rows: 2, source: October meeting)",
            "Looked through",
            "Import: looked through",
            "Import begun (mode: agreed)",
            "Import: done (added: 1, invalid: 1)",
            "Import taken back",
            "Import: taken back (added: 1, invalid: 1)",
        )
    ]


@pytest.mark.parametrize("name", [*CONSENT, "file"])
def test_without_the_consent_nothing_is_uploaded_and_what_was_typed_stays(client, staff, name):
    page = upload(client, **{name: ""})
    assert (page.status_code, SubscriberImport.objects.count()) == (422, 0)
    kept = [value for key, value in CONSENT.items() if key not in (name, "mode")]
    assert [value for value in kept if value not in page.content.decode()] == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty"),
        (b"\n", "The file is empty"),
        (b"email,name\n", "nothing under the headings"),
        (b"PK\x03\x04", "This is a workbook"),
        (b"\0\1\2\3\4", "not a text file"),
        (b"x" * 10_000_000, "longer than 20,000 characters"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(client, staff, content, said):
    page = upload(client, content)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert SubscriberImport.objects.count() == 0


def test_a_day_that_has_not_been_is_refused(client, staff):
    assert "This day has not been yet" in upload(client, consented_on="2999-01-01").content.decode()


def test_what_stands_in_a_file_is_shown_as_text(client, staff):
    page = words(client, uploaded(client))
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_columns_must_have_the_address_and_none_twice(client, staff):
    job = uploaded(client)
    for chosen in ({"given_name": "1"}, {"email": "0", "given_name": "0"}, {"email": "17"}):
        assert press(client, job, "check", **chosen).status_code == 422
    job.refresh_from_db()
    assert job.status == "uploaded"


def test_lines_with_something_to_say_are_downloaded_safely_and_recorded(client, staff):
    job = looked_through(client, "email,first name\n=cmd|calc,Ada\nbea@example.org,Bea\n")
    lines = b"".join(press(client, job, "download")).decode().splitlines()
    assert lines[0] == "line,outcome,reason,email,first name"
    assert lines[1:] == ["2,cannot be read,“=cmd|calc” is not a complete e-mail address.,'=cmd|calc,Ada"]
    assert LogEntry.objects.filter(change_message="Downloaded the lines of an import").count() == 1


def test_pressing_twice_takes_in_once_and_says_so(client, staff):
    job = looked_through(client)
    press(client, job, "run")
    answer = client.post(f"{IMPORTS}{job.pk}/change/", {"do": "run"}, follow=True)
    assert "not possible any more" in answer.content.decode()
    work_on_lists()
    assert Subscription.objects.count() == 1


def test_looking_at_a_page_changes_nothing(client, staff):
    job = looked_through(client)
    before = SubscriberImport.objects.values().get()
    words(client, job)
    client.get(f"{IMPORTS}{job.pk}/progress.json")
    assert SubscriberImport.objects.values().get() == before


def test_the_progress_of_an_import_is_told(client, staff):
    job = uploaded(client)
    importing.check(job=job, columns=job.columns, by=staff)
    report = client.get(f"{IMPORTS}{job.pk}/progress.json").json()
    assert (report["status"], report["candidates"], report["settled"]) == ("checking", 2, 0)
    work_on_lists()
    report = client.get(f"{IMPORTS}{job.pk}/progress.json").json()
    assert (report["status"], report["settled"]) == ("checked", 2)
    assert {row["status"]: row["count"] for row in report["counts"]} == {
        "added": 1, "merged": 0, "skipped": 0, "refused": 0, "invalid": 1,
    }  # fmt: skip


def test_a_cancelled_import_says_so(client, staff):
    job = looked_through(client)
    press(client, job, "cancel")
    assert "Cancelled" in words(client, job)


def asked(client, **changes):
    return client.post(f"{EXPORTS}add/", {"status": "active", "columns": ["email", "local"], **changes})


def test_an_export_is_asked_for_made_and_downloaded_from_its_page(client, staff):
    SubscriptionFactory(person__email="ada@example.org")
    assert asked(client).status_code == 303
    job = SubscriberExport.objects.get()
    assert "Being made" in words(client, job)
    assert press(client, job, "download").status_code == 303  # not ready
    work_on_lists()
    assert "Download (CSV, recorded)" in words(client, job)
    answer = press(client, job, "download")
    assert answer["Content-Disposition"] == f'attachment; filename="subscribers-{job.pk}.csv"'
    assert answer["Cache-Control"] == "private, no-store, max-age=0, no-cache, must-revalidate"
    assert b"".join(answer).decode().splitlines() == ["email,local", "ada@example.org,"]


@pytest.mark.parametrize(
    "changes", [{"columns": []}, {"columns": ["password"]}, {"zip_beginning": "1a"}, {"state": "XX"}, {"since": "x"}]
)
def test_a_filter_that_is_none_is_refused(client, staff, changes):
    assert asked(client, **changes).status_code == 422
    assert not SubscriberExport.objects.exists()


def test_an_export_is_cancelled_from_its_page(client, staff):
    asked(client)
    job = SubscriberExport.objects.get()
    press(client, job, "cancel")
    job.refresh_from_db()
    assert (job.status, ExportPart.objects.count()) == ("cancelled", 0)


def test_the_doctor_is_asked_and_answers_on_one_page(client, staff, settings):
    settings.DNS_SERVER = "127.0.0.1:9"
    settings.BASE_URL = "http://127.0.0.1:9"
    assert "Not checked yet" in client.get(DOCTOR).content.decode()
    assert client.post(DOCTOR, {"do": "check"}).status_code == 303
    page = client.get(DOCTOR).content.decode()
    assert "data-live" in page
    assert "Check now" not in page
    job = DomainCheck.objects.get()
    assert client.get(f"{DOCTOR}{job.pk}/progress.json").json()["status"] == "queued"
    domain_doctor.examine_waiting()
    page = client.get(DOCTOR).content.decode()
    assert "Could not check" in page
    assert "which is not HTTPS" in page
    assert client.get(f"{DOCTOR}{job.pk}/change/")["Location"] == DOCTOR


def test_pasted_headers_are_judged_and_not_kept(client, staff):
    assert client.post(DOCTOR, {"do": "headers", "headers": RECEIVED}).status_code == 303
    assert "SPF, as received" in client.get(DOCTOR).content.decode()
    assert "maria@gmail.example" not in str(DomainCheck.objects.values().get())
    assert client.post(DOCTOR, {"do": "headers", "headers": ""}).status_code == 422


PAGES = [IMPORTS, f"{IMPORTS}add/", EXPORTS, f"{EXPORTS}add/", DOCTOR]


def test_without_permission_there_is_nothing(client, staff):
    job, export = uploaded(client), exporting.begin(chosen=exporting.Filter(), columns=["email"], by=staff)
    client.force_login(StaffFactory(is_superuser=False))
    addresses = [*PAGES, *(f"{IMPORTS}{job.pk}/{end}" for end in ("change/", "progress.json"))]
    addresses += [f"{EXPORTS}{export.pk}/{end}" for end in ("change/", "progress.json")]
    assert {client.get(address).status_code for address in addresses} == {403}
    assert {client.post(address).status_code for address in addresses} == {403}
    client.logout()
    assert {client.get(address).status_code for address in addresses} == {302}


def test_who_may_only_look_may_not_press(client, staff):
    job, export = uploaded(client), exporting.begin(chosen=exporting.Filter(), columns=["email"], by=staff)
    work_on_lists()
    reader = StaffFactory(is_superuser=False)
    names = ("view_subscriberimport", "view_subscriberexport", "view_domaincheck")
    reader.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(reader)
    assert client.get(f"{IMPORTS}{job.pk}/change/").status_code == 200
    assert "Download" not in words(client, export)
    presses = [press(client, job, do) for do in ("check", "run", "cancel", "undo", "go-on", "download")]
    presses += [press(client, export, do) for do in ("download", "cancel")]
    presses += [client.post(DOCTOR, {"do": do}) for do in ("check", "headers")]
    presses += [client.get(f"{IMPORTS}add/"), client.get(f"{EXPORTS}add/"), upload(client), asked(client)]
    assert {answer.status_code for answer in presses} == {403}
    assert (SubscriberImport.objects.count(), SubscriberExport.objects.count(), DomainCheck.objects.count()) == (
        1,
        1,
        0,
    )


@pytest.mark.parametrize("model", [SubscriberImport, SubscriberExport])
def test_a_job_is_never_edited_or_deleted_by_hand(client, staff, model):
    uploaded(client)
    asked(client)
    job = model.objects.get()
    assert client.post(f"/admin/members/{model._meta.model_name}/{job.pk}/delete/", {"post": "yes"}).status_code == 403
    assert model.objects.count() == 1


def test_lists_ask_the_database_the_same_for_one_row_and_for_three(
    client, staff, django_assert_num_queries, django_assert_max_num_queries
):
    for address, add in ((IMPORTS, uploaded), (EXPORTS, asked)):
        add(client)
        client.get(address)
        with django_assert_max_num_queries(12) as first:
            client.get(address)
        count = len(first)
        add(client)
        add(client)
        with django_assert_num_queries(count):
            assert client.get(address).status_code == 200


def test_the_page_of_an_import_costs_the_same_for_few_lines_and_for_many(client, staff, django_assert_num_queries):
    for count in (1, 450):
        job = looked_through(client, "email\n" + "no address\n" * count)
        with django_assert_num_queries(5):
            words(client, job)


def test_beats_tasks_may_come_at_any_time(client, staff):
    ring_for_lists()
    ring_for_doctor()
    forget_lists()
    work_on_lists()
    uploaded(client)
    forget_lists()
    assert SubscriberImport.objects.get().forgotten_at is None
