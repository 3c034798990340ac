"""What would take too long is given up, and what went before it stands."""

import pytest
from django.db import connection

from csan.lib.patience import TakesTooLong, at_most
from csan.lib.staff import ShortPaginator
from petitions.models import Signature
from tests.petitions.factories import SignatureFactory

pytestmark = pytest.mark.django_db


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_statement_that_takes_too_long_is_given_up_and_what_follows_has_all_the_time():
    signature = SignatureFactory()
    with pytest.raises(TakesTooLong), at_most(5):
        ask("SELECT pg_sleep(1)")
    assert Signature.objects.get() == signature
    assert ask("SHOW statement_timeout") == "0"


def test_what_is_in_time_is_told_and_the_limit_is_lifted():
    with at_most(5000):
        assert (ask("SELECT 1"), ask("SHOW statement_timeout")) == (1, "5s")
    assert ask("SHOW statement_timeout") == "0"


def test_a_list_that_cannot_be_counted_in_time_shows_as_many_pages_as_a_long_one(monkeypatch):
    SignatureFactory()
    slow = Signature.objects.order_by("pk").extra(where=["pg_sleep(0.05) IS NOT NULL"])
    assert ShortPaginator(slow, 100).count == 1
    monkeypatch.setattr(ShortPaginator, "PATIENCE", 5)
    assert ShortPaginator(slow, 100).count == ShortPaginator.MOST
