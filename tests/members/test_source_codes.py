"""Source codes in the staff site: a page of this site, a code that is no signer's, a QR code to print."""

import pytest
from django.db import IntegrityError

from members.models import SourceCode
from tests.members.permitted import permitted

pytestmark = pytest.mark.django_db
LIST = "/admin/members/sourcecode/"
TYPED = {"code": "hall-12", "kind": "poster", "label": "Union hall, Tampa", "local": "", "path": "/petitions/"}


@pytest.fixture
def staff(client):
    client.force_login(permitted("view_sourcecode", "add_sourcecode", "change_sourcecode"))
    return client


def test_staff_make_a_code_and_print_it(staff):
    assert staff.post(f"{LIST}add/", {**TYPED, "code": "HALL-12"}).status_code == 302
    source = SourceCode.objects.get()
    assert (source.code, source.path) == ("hall-12", "/petitions/")
    html = staff.get(f"{LIST}{source.pk}/print/").content.decode()
    assert ("http://testserver/go/hall-12/" in html, "<svg" in html) == (True, True)
    assert "hall-12" in staff.get(LIST).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"path": "https://elsewhere.example/"},
        {"path": "//elsewhere.example/"},
        {"path": "/nowhere/at/all/"},
        {"path": ""},
        {"code": "f-77777777"},
        {"code": "a b"},
    ],
)
def test_what_leads_elsewhere_or_belongs_to_a_signer_is_refused(staff, wrong):
    assert staff.post(f"{LIST}add/", {**TYPED, **wrong}).status_code == 200
    assert SourceCode.objects.count() == 0


def test_the_database_refuses_a_signers_code():
    with pytest.raises(IntegrityError, match="members_sourcecode_no_friend"):
        SourceCode.objects.create(code="f-77777777", kind="poster", label="x", path="/")


def test_a_code_that_may_be_printed_is_not_changed(staff):
    source = SourceCode.objects.create(code="hall-12", kind="poster", label="x", path="/")
    assert staff.post(f"{LIST}{source.pk}/change/", {**TYPED, "code": "other"}).status_code == 302
    assert SourceCode.objects.values_list("code", "label").get() == ("hall-12", "Union hall, Tampa")


def test_who_may_not_look_may_not_print(client):
    source = SourceCode.objects.create(code="hall-12", kind="poster", label="x", path="/")
    client.force_login(permitted("view_issue"))
    assert client.get(f"{LIST}{source.pk}/print/").status_code == 403
