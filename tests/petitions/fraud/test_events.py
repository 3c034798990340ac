"""Events and halls: signed, expiring, ended early; they widen the budget and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Local, SourceCode
from petitions.fraud import events
from petitions.models import AllowedNetwork, Signature, SignatureEvidence, SigningEvent
from tests.members.factories import StaffFactory
from tests.petitions.conftest import ADA

pytestmark = pytest.mark.django_db


@pytest.fixture
def local(db):
    return Local.objects.create(affiliate="CWA", number="1101", name="Local 1101")


@pytest.fixture
def event(local):
    return events.create_event(
        local=local,
        label="October meeting",
        path="/petitions/save-call-center-jobs/",
        ends_at=timezone.now() + timedelta(hours=5),
        by=StaffFactory(),
    )


def token_of(event):
    return events.token_for(event.source_code, event.ends_at)


def test_an_event_brings_a_code_of_its_local_and_a_link_that_says_so(event, local):
    code = event.source_code
    assert (code.kind, code.local, code.label) == (SourceCode.Kind.EVENT, local, "October meeting")
    assert events.link_of(event).startswith(f"http://testserver/go/{code.code}/?event={code.code}.")
    assert events.code_of(token_of(event)) == code.code
    assert event.by.logentry_set.count() == 1


def test_a_token_is_over_with_its_event_and_cannot_be_made_up(event):
    token = token_of(event)
    assert [events.code_of(text) for text in ("", "x", token[:-1] + "x", f"x{token}")] == [""] * 4
    with time_machine.travel(event.ends_at - timedelta(seconds=1)):
        assert events.code_of(token) == event.source_code.code
    with time_machine.travel(event.ends_at + timedelta(seconds=1)):
        assert events.code_of(token) == ""


def test_an_event_that_was_ended_early_is_over_at_once(event):
    assert events.end_event(event=event, by=event.by) is True
    assert events.end_event(event=event, by=event.by) is False
    assert events.code_of(token_of(event)) == ""
    event.refresh_from_db()
    assert event.is_live is False


@pytest.mark.parametrize("hours", [-1, 24 * 32])
def test_an_event_ends_within_a_month_and_in_the_future(local, hours):
    ends_at = timezone.now() + timedelta(hours=hours)
    with pytest.raises(events.EndsTooLate):
        events.create_event(local=local, label="x", path="/", ends_at=ends_at, by=None)
    assert SourceCode.objects.count() == 0


def test_the_link_of_an_event_fills_the_form_and_marks_the_evidence(client, petition, event):
    token = token_of(event)
    page = client.get(f"/petitions/{petition.slug}/", {"event": token}).content.decode()
    assert f'<input type="hidden" name="event" value="{token}"' in page
    assert 'name="event" value' not in client.get(f"/petitions/{petition.slug}/").content.decode()
    for number, typed in enumerate((token, "made up", "")):
        answer = client.post(
            f"/petitions/{petition.slug}/sign/", {**ADA, "email": f"s{number}@example.org", "event": typed}
        )
        assert (answer.status_code, answer.url) == (303, f"/petitions/{petition.slug}/check-your-email/")
    codes = list(SignatureEvidence.objects.order_by("pk").values_list("event_code", flat=True))
    assert codes == [event.source_code.code, "", ""]


@pytest.mark.parametrize("how", ["event", "allowed network", "neither"])
def test_a_hall_has_a_wider_budget_than_a_home(client, petition, event, local, settings, how):
    settings.BUDGETS = {**settings.BUDGETS, "sign": {"client": (2, 600), "email": (30, 3600)}}
    if how == "allowed network":
        AllowedNetwork.objects.create(local=local, network="127.0.0.0/8", label="hall")
    typed = {**ADA, "event": token_of(event) if how == "event" else ""}
    answers = [
        client.post(f"/petitions/{petition.slug}/sign/", {**typed, "email": f"s{number}@example.org"}).status_code
        for number in range(4)
    ]
    assert answers == ([303, 303, 429, 429] if how == "neither" else [303] * 4)
    assert Signature.objects.count() == (2 if how == "neither" else 4)


def test_one_address_of_a_mailbox_has_the_same_budget_in_a_hall(client, petition, event, settings):
    settings.BUDGETS = {**settings.BUDGETS, "sign": {"client": (99, 600), "email": (1, 3600)}}
    answers = [
        client.post(f"/petitions/{petition.slug}/sign/", {**ADA, "event": token}).status_code
        for token in (token_of(event), "")
    ]
    assert answers == [303, 429]


def test_the_database_holds_what_an_event_and_a_network_are(local):
    now = timezone.now()
    code = SourceCode.objects.create(code="e", kind="event", label="x", local=local, path="/")
    with pytest.raises(IntegrityError, match="petitions_signingevent_ends"), transaction.atomic():
        SigningEvent.objects.create(source_code=code, ends_at=now - timedelta(hours=1))
    AllowedNetwork.objects.create(local=local, network="198.51.100.0/24", label="hall")
    with pytest.raises(IntegrityError, match="network"), transaction.atomic():
        AllowedNetwork.objects.create(local=local, network="198.51.100.0/24", label="again")
