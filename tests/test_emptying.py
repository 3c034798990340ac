"""What a test commits is gone for the next one, and what migrations brought is there again."""

import pytest
from django.contrib.auth.models import Permission

from members.models import MailDomain, Person
from tests.emptying import restore

MANY = 10_000  # people take more room than is cleaned row by row


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rows", [1, MANY])
def test_what_was_touched_is_put_back(rows):
    domains, permissions = set(MailDomain.objects.values_list()), set(Permission.objects.values_list())
    MailDomain.objects.filter(kind="disposable").delete()
    MailDomain.objects.update(label="Somebody else")
    Permission.objects.create(name="Made by a test", content_type_id=1, codename="made")
    Person.objects.bulk_create(Person(email=f"p{n}@example.org", email_key=str(n)) for n in range(rows))
    restore()
    assert domains
    assert permissions
    assert set(MailDomain.objects.values_list()) == domains
    assert set(Permission.objects.values_list()) == permissions
    assert not Person.objects.exists()
