"""The staff pages: what staff may see and do, that it is recorded, and that lists cost the same however long."""

import csv

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from csan.lib.addresses import email_key
from petitions import tallies
from petitions.models import Petition, PetitionVersion, Signature
from tests.members.factories import StaffFactory
from tests.petitions.factories import (
    MeasureFactory,
    PetitionFactory,
    SignatureFactory,
    TallyFactory,
    VersionFactory,
)

pytestmark = pytest.mark.django_db
SIGNATURES = "/admin/petitions/signature/"
PETITIONS = "/admin/petitions/petition/"


@pytest.fixture
def staff():
    return StaffFactory()


@pytest.fixture
def desk(client, staff):
    """A browser in which staff have logged in."""
    client.force_login(staff)
    return client


def act(desk, address, action, rows):
    return desk.post(address, {"action": action, "_selected_action": [row.pk for row in rows]})


def log(staff):
    return sorted(staff.logentry_set.values_list("object_repr", "change_message"))


@pytest.mark.parametrize(
    ("address", "make"),
    [
        (PETITIONS, lambda: PetitionFactory().measures.add(MeasureFactory())),
        (SIGNATURES, SignatureFactory),
        (
            "/admin/petitions/measure/",
            lambda: MeasureFactory(companion=MeasureFactory(), successor=MeasureFactory(congress=116)),
        ),
    ],
)
def test_a_list_takes_as_many_statements_for_three_rows_as_for_one(desk, django_assert_num_queries, address, make):
    make()
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        assert desk.get(address).status_code == 200
    make()
    make()
    with django_assert_num_queries(len(one)):
        assert desk.get(address).status_code == 200


def test_a_petition_shows_its_count_and_its_published_text_read_only(desk):
    petition = PetitionFactory()
    TallyFactory(petition=petition, count=12431)
    assert b"12431" in desk.get(PETITIONS).content
    html = desk.get(f"{PETITIONS}{petition.pk}/change/").content.decode()
    assert "Callers are told" in html
    assert (
        petition.get_absolute_url() in desk.get(reverse("admin:view_on_site", args=[content_type(), petition.pk])).url
    )
    assert 'name="versions-2-0-text"' not in html
    assert 'name="slug"' not in html


def content_type():
    return ContentType.objects.get_for_model(Petition).pk


def draft_form(petition, prefix="versions", **words):
    """What the browser posts for a petition with one text in preparation."""
    form = {
        "slug": "another",
        "goal": "500",
        "opens_at_0": "2026-01-01",
        "opens_at_1": "00:00:00",
        f"{prefix}-TOTAL_FORMS": "1",
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-0-title": "New words",
        f"{prefix}-0-ask": "Do it.",
        f"{prefix}-0-text": "Because.",
        "points-TOTAL_FORMS": "0",
        "points-INITIAL_FORMS": "0",
        "versions-2-TOTAL_FORMS": "0",
        "versions-2-INITIAL_FORMS": "0",
    }
    return {**form, **words}


def test_staff_write_a_text_and_publish_it(desk, staff):
    assert desk.post(f"{PETITIONS}add/", draft_form(None)).status_code == 302
    petition = Petition.objects.get()
    assert PetitionVersion.objects.values_list("number", "title", "published_at").get() == (1, "New words", None)
    assert list(Petition.objects.public()) == []
    act(desk, PETITIONS, "publish", [petition])
    assert list(Petition.objects.public()) == [petition]
    assert ("another", "Published a text (version: 1)") in log(staff)
    changed = {"versions-TOTAL_FORMS": "1", "versions-0-title": "Better words"}
    assert desk.post(f"{PETITIONS}{petition.pk}/change/", draft_form(petition, **changed)).status_code == 302
    assert list(PetitionVersion.objects.order_by("number").values_list("number", "title")) == [
        (1, "New words"),
        (2, "Better words"),
    ]


def test_publishing_without_a_draft_says_so(desk, staff):
    petition = PetitionFactory()
    act(desk, PETITIONS, "publish", [petition])
    assert petition.versions.count() == 1
    assert log(staff) == []


def test_a_published_text_is_not_changed_by_a_forged_form(desk):
    version = VersionFactory()
    forged = {
        "versions-2-TOTAL_FORMS": "1",
        "versions-2-INITIAL_FORMS": "1",
        "versions-2-0-id": str(version.pk),
        "versions-2-0-title": "Forged",
        "versions-TOTAL_FORMS": "0",
    }
    desk.post(f"{PETITIONS}{version.petition_id}/change/", draft_form(version.petition, **forged))
    assert PetitionVersion.objects.get(pk=version.pk).title == "Save Call Center Jobs"


def test_signatures_are_read_and_searched_but_never_written_by_hand(desk):
    row = SignatureFactory(email="ada@example.org", family_name="O'Brien")
    SignatureFactory(family_name="Suharto")
    assert b"ada@example.org" in desk.get(SIGNATURES, {"q": "o'brien"}).content
    assert b"Suharto" not in desk.get(SIGNATURES, {"q": "o'brien"}).content
    assert desk.get(f"{SIGNATURES}{row.pk}/change/").status_code == 200
    assert desk.post(f"{SIGNATURES}{row.pk}/change/", {"email": "eve@example.org"}).status_code == 403
    assert desk.get(f"{SIGNATURES}add/").status_code == 403
    assert desk.post(f"{SIGNATURES}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Signature.objects.get(pk=row.pk).email == "ada@example.org"


def test_staff_set_signatures_aside_and_reinstate_them_and_it_is_recorded(desk, staff):
    rows = SignatureFactory.create_batch(2, petition=PetitionFactory())
    petition = rows[0].petition
    TallyFactory(petition=petition, count=2)
    act(desk, SIGNATURES, "invalidate", rows)
    assert (set(Signature.objects.values_list("status", flat=True)), tallies.count(petition)) == ({"invalid"}, 0)
    act(desk, SIGNATURES, "reinstate", rows)
    assert (set(Signature.objects.values_list("status", flat=True)), tallies.count(petition)) == ({"confirmed"}, 2)
    assert log(staff) == [("Ada Lovelace", "Reinstated")] * 2 + [("Ada Lovelace", "Set aside")] * 2


def test_an_export_is_safe_to_open_and_recorded_at_its_petition(desk, staff):
    row = SignatureFactory(given_name="=1+1", comment="Hear us")
    response = act(desk, SIGNATURES, "export", [row])
    lines = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    assert [(each["petition"], each["email"], each["given_name"], each["comment"]) for each in lines] == [
        (row.petition.slug, row.email, "'=1+1", "Hear us")
    ]
    assert log(staff) == [(row.petition.slug, "Exported signatures (rows: 1)")]


@pytest.mark.parametrize(
    ("granted", "offered"),
    [
        ([], set()),
        (["review_signature"], {"invalidate", "reinstate"}),
        (["export_signature"], {"export"}),
        (["show_story"], {"show_story", "hide_story"}),
    ],
)
def test_reviewing_and_exporting_are_permissions_of_their_own(client, granted, offered):
    clerk = StaffFactory(is_superuser=False)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=["view_signature", *granted]))
    client.force_login(clerk)
    row = SignatureFactory(comment="Hear us.")
    response = client.get(SIGNATURES)
    ours = {"invalidate", "reinstate", "export", "show_story", "hide_story"}
    assert {name for name in ours if f'value="{name}"' in response.content.decode()} == offered
    for action in ours - offered:
        assert act(client, SIGNATURES, action, [row])["Content-Type"] != "text/csv; charset=utf-8"
    assert Signature.objects.values_list("status", "story_shown_at").get() == ("confirmed", None)


def test_tallies_are_nobodys_to_edit(desk):
    assert desk.get("/admin/petitions/tally/").status_code == 404
    assert desk.get("/admin/petitions/tallydelta/").status_code == 404


def test_staff_show_a_comment_and_stop_and_it_is_recorded(desk, staff):
    shown = SignatureFactory(comment="Hear us.")
    without = SignatureFactory()
    waiting = SignatureFactory(comment="Not yet.", status="pending")
    for _ in range(2):
        act(desk, SIGNATURES, "show_story", [shown, without, waiting])
    assert list(Signature.objects.stories()) == [shown]
    for _ in range(2):
        act(desk, SIGNATURES, "hide_story", [shown, without, waiting])
    assert list(Signature.objects.stories()) == []
    assert log(staff) == [
        ("Ada Lovelace", "Showed the comment on the petition's page"),
        ("Ada Lovelace", "Stopped showing the comment on the petition's page"),
    ]


def test_staff_write_a_bills_events_and_a_petitions_points(desk):
    bill = MeasureFactory()
    form = {
        "jurisdiction": "US",
        "congress": "115",
        "kind": "hr",
        "number": "1300",
        "title": "An act",
        "lead": "Rep. Gene Green (TX)",
        "url": "https://www.congress.gov/",
        "provisions-TOTAL_FORMS": "0",
        "provisions-INITIAL_FORMS": "0",
        "cosponsorships-TOTAL_FORMS": "0",
        "cosponsorships-INITIAL_FORMS": "0",
        "events-TOTAL_FORMS": "1",
        "events-INITIAL_FORMS": "0",
        "events-0-happened_on": "2017-03-02",
        "events-0-what": "Introduced.",
        "events-0-source_url": "https://www.congress.gov/",
    }
    assert desk.post(f"/admin/petitions/measure/{bill.pk}/change/", form).status_code == 302
    assert bill.events.values_list("what", flat=True).get() == "Introduced."
    itself = desk.post(f"/admin/petitions/measure/{bill.pk}/change/", {**form, "successor": bill.pk})
    assert b"A bill cannot be linked to itself." in itself.content
    point = {
        "points-TOTAL_FORMS": "1",
        "points-0-position": "1",
        "points-0-icon": "money",
        "points-0-title": "No reward",
        "points-0-text": "None.",
    }
    assert desk.post(f"{PETITIONS}add/", draft_form(None, **point)).status_code == 302
    assert Petition.objects.get().points.values_list("title", flat=True).get() == "No reward"


def test_a_signer_is_found_by_any_spelling_of_their_address_and_not_once_they_are_erased(desk):
    found = SignatureFactory(email="ada.l+petition@gmail.com", email_key=email_key("adal@gmail.com"))
    gone = SignatureFactory(email=f"1@{Signature.ERASED_DOMAIN}", email_key=email_key("bob@example.org"))
    page = desk.get(SIGNATURES, {"q": "Ada.L@gmail.com"})
    assert [row.pk for row in page.context["cl"].result_list] == [found.pk]
    page = desk.get(SIGNATURES, {"q": "bob@example.org"})
    assert (list(page.context["cl"].result_list), gone.pk > 0) == ([], True)
