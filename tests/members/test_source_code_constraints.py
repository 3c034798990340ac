"""What the database refuses to believe of source codes."""

import pytest
from django.db import IntegrityError, transaction

from members.models import SourceCode
from tests.members.factories import LocalFactory

pytestmark = pytest.mark.django_db


def code(**values):
    return SourceCode.objects.create(
        **{"code": "ny-poster", "kind": "poster", "label": "Break room", "path": "/petitions/jobs/", **values}
    )


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("members_sourcecode_code", {"code": "NY"}),
        ("members_sourcecode_code", {"code": ""}),
        ("members_sourcecode_kind", {"kind": "balloon"}),
        ("members_sourcecode_path", {"path": "https://example.org/"}),
        ("members_sourcecode_path", {"path": "//example.org/"}),
        ("members_sourcecode_path", {"path": "/\\example.org/"}),
        ("members_sourcecode_path", {"path": ""}),
    ],
)
def test_a_code_is_refused_that_leads_away_or_cannot_be_printed(constraint, values):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        code(**values)


def test_a_code_is_there_once_and_outlives_its_local():
    local = LocalFactory()
    code(local=local, path="/")
    with pytest.raises(IntegrityError, match="members_sourcecode_code"), transaction.atomic():
        code()
    local.delete()
    assert SourceCode.objects.get().local is None
