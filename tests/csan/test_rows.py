"""Rows by one statement: together or not at all, under numbers that nobody else has."""

import os

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from csan.lib.addresses import email_key
from csan.lib.rows import BLOCK, insert_together, insert_unless_known, new_row, next_number
from members import outbox
from members.models import Message, Person

pytestmark = pytest.mark.django_db


def person(email="ada@example.org", **more):
    return Person(email=email, email_key=email_key(email), **more)


def letter(key="hello"):
    return outbox.compose(key=key, template="members/welcome", to="ada@example.org", context={"name": 'A "B" %s'})


def test_a_row_and_its_letter_go_in_by_one_statement():
    with CaptureQueriesContext(connection) as asked:
        row = person()
        assert insert_together(row, letter())
    assert len(asked) == 1
    assert Person.objects.get().pk == row.pk
    assert Message.objects.values_list("key", "context", "status").get() == ("hello", {"name": 'A "B" %s'}, "queued")


def test_of_a_row_that_is_known_nothing_goes_in():
    assert insert_unless_known(person())
    again = person()
    assert not insert_together(again, letter())
    assert (Person.objects.count(), Message.objects.count(), again.pk) == (1, 0, None)


def test_where_a_letter_is_there_already_the_row_does_not_go_in_either():
    assert insert_unless_known(letter())
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together(person(), letter())
    assert (Person.objects.count(), Message.objects.count()) == (0, 1)


def test_a_row_may_bring_its_number():
    row = person(pk=next_number(Person))
    assert insert_together(row, letter())
    assert Person.objects.get().pk == row.pk
    assert insert_unless_known(other := person("bob@example.org"))
    assert other.pk != row.pk


def test_numbers_come_from_the_sequence_a_block_at_a_time_and_never_twice():
    with CaptureQueriesContext(connection) as asked:
        taken = [next_number(Person) for _ in range(BLOCK * 2 + 1)]
    assert (len(set(taken)), len(asked)) == (BLOCK * 2 + 1, 3)


def test_a_forked_process_takes_numbers_of_its_own():
    next_number(Person)  # the others of its block wait here
    reading, writing = os.pipe()
    if not (child := os.fork()):
        from csan.lib.rows import _taken  # noqa: PLC0415 - as the child sees it

        os.write(writing, str(len(_taken[Person])).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 10) == b"0"
    os.close(reading)
    os.close(writing)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew():
    """What was prepared is gone with the connection, and the next insert knows."""
    done = [insert_together(person(), letter("a"))]
    connection.close()
    done += [insert_together(person("bob@example.org"), letter("b")), insert_together(person(), letter("c"))]
    assert done == [True, True, False]
    assert list(Message.objects.order_by("key").values_list("key", flat=True)) == ["a", "b"]


class TestNewRow:
    def test_it_is_what_the_model_makes(self):
        values = {"key": "a", "template": "x/y", "to": "ada@example.org", "context": {"name": "Ada"}}
        row, usual = new_row(Message, **values), Message(**values)
        assert (row._state.adding, row._state.db) == (True, None)
        for field in Message._meta.concrete_fields:
            if field.name not in ("available_at", "created_at"):
                assert getattr(row, field.attname) == getattr(usual, field.attname)
        assert row.created_at <= timezone.now()

    def test_rows_share_nothing_that_can_change(self):
        one, other = new_row(Message, key="a"), new_row(Message, key="b")
        one.context["name"] = "Ada"
        assert other.context == {}

    def test_a_column_that_is_not_there_is_an_error(self):
        with pytest.raises(TypeError, match="Message has no colour"):
            new_row(Message, colour="red")


def test_behind_a_pooler_nothing_is_left_on_the_connection(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with CaptureQueriesContext(connection) as asked:
        assert insert_together(person(), letter())
    assert [query["sql"].split()[0] for query in asked] == ["WITH"]
    assert (Person.objects.count(), Message.objects.count()) == (1, 1)
