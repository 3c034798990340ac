"""`manage.py import_subscribers`: what it prints, what it writes, how it ends."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from members.models import Message, Person, SubscriberImport, Subscription
from tests.members.factories import SubscriptionFactory

pytestmark = pytest.mark.django_db(transaction=True)

CONSENT = ("--consent-source", "October meeting", "--consented-on", "2025-10-14", "--wording", "Send me news.")
LIST = "email,first name\nada@example.org,Ada\nknown@example.org,Kim\nknown@example.org,Kim\nnot an address,x\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    return path


def call(*arguments):
    """What it printed, and its exit status."""
    out, status = StringIO(), 0
    try:
        call_command("import_subscribers", *map(str, arguments), stdout=out)
    except SystemExit as end:
        status = end.code
    return out.getvalue().splitlines(), status


def test_a_broken_line_is_named_and_the_rest_goes_in(file):
    SubscriptionFactory(person__email="known@example.org", person__given_name="")
    lines, status = call(file, *CONSENT)
    assert status == 1
    assert lines == [
        "list.csv: utf-8-sig, columns email = “email”, given_name = “first name”",
        "line 3: changed: Filled in: given name.",
        "line 4: changed: The same mailbox as on line 3.",
        "line 5: broken: “not an address” is not a complete e-mail address.",
        "4 lines read, 1 added, 2 changed, 0 skipped, 0 refused, 1 broken",
    ]
    assert set(Person.objects.values_list("email", "given_name")) == {
        ("ada@example.org", "Ada"), ("known@example.org", "Kim"),
    }  # fmt: skip


def test_a_dry_run_says_the_same_and_writes_nothing(file):
    lines, status = call(file, "--dry-run")
    assert (lines[-1], status) == (
        "4 lines read, 2 added, 1 changed, 0 skipped, 0 refused, 1 broken (dry run: nothing written)",
        1,
    )
    assert not Person.objects.exists()
    assert not SubscriberImport.objects.exists()


def test_a_whole_file_ends_well_and_a_second_time_changes_nothing(tmp_path):
    path = tmp_path / "whole.csv"
    path.write_text("email\nada@example.org\n")
    assert call(path, *CONSENT)[1] == 0
    lines, status = call(path, *CONSENT)
    assert (lines[-1], status) == ("1 lines read, 0 added, 0 changed, 1 skipped, 0 refused, 0 broken", 0)
    assert Subscription.objects.get().status == "active"


def test_asking_sends_letters_at_their_pace_and_leaves_the_rest_to_the_worker(tmp_path, settings):
    settings.IMPORT_LETTERS_PER_HOUR = 100
    path = tmp_path / "long.csv"
    path.write_text("email\n" + "".join(f"a{number}@example.org\n" for number in range(600)))
    lines, status = call(path, *CONSENT, "--ask")
    assert (lines[-1], status) == ("100 lines are still to come: so many letters an hour, the worker goes on.", 0)
    assert (Message.objects.count(), SubscriberImport.objects.get().status) == (500, "running")


@pytest.mark.parametrize("left_out", [0, 2, 4])
def test_without_the_consent_nothing_is_taken_in(file, left_out):
    said = CONSENT[:left_out] + CONSENT[left_out + 2 :]
    with pytest.raises(CommandError, match="where, when and to what"):
        call_command("import_subscribers", str(file), *said)
    assert not SubscriberImport.objects.exists()


def test_a_day_of_consent_in_the_future_is_refused(file):
    said = [*CONSENT[:3], "2999-01-01", *CONSENT[4:]]
    with pytest.raises(CommandError, match="not been yet"):
        call_command("import_subscribers", str(file), *said)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "The file is empty."), (b"email\n", "nothing under the headings"), (b"name\nAda\n", "call it “email”")],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(tmp_path, content, words):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("import_subscribers", str(path), *CONSENT)
    assert not SubscriberImport.objects.exists()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_subscribers", str(tmp_path / "none.csv"), "--dry-run")
