"""The database holds the rules: each of them refuses what it is there to refuse."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.template.loader import render_to_string
from django.utils import timezone

from petitions import publishing
from petitions.models import (
    CallTally,
    Measure,
    Milestone,
    Petition,
    PetitionPoint,
    PetitionVersion,
    Reaffirmation,
    Signature,
    Tally,
)
from tests.members.factories import LocalFactory, StaffFactory
from tests.petitions.factories import (
    MeasureEventFactory,
    MeasureFactory,
    PetitionFactory,
    PointFactory,
    SignatureFactory,
    TallyDeltaFactory,
    TallyFactory,
    VersionFactory,
)
from tests.petitions.sitting import member

pytestmark = pytest.mark.django_db
Status = Signature.Status


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("petitions_signature_email_lower", {"email": "Ada@example.org"}),
        ("petitions_signature_language", {"language": "fr"}),
        ("petitions_signature_status", {"status": "perhaps"}),
        ("petitions_signature_confirmed", {"status": Status.CONFIRMED, "confirmed_at": None}),
        ("petitions_signature_confirmed", {"status": Status.PENDING, "confirmed_at": timezone.now()}),
        ("petitions_signature_withdrawn", {"status": Status.WITHDRAWN, "withdrawn_at": None}),
        ("petitions_signature_withdrawn", {"status": Status.CONFIRMED, "withdrawn_at": timezone.now()}),
        ("petitions_signature_wording", {"wants_newsletter": True, "newsletter_wording": ""}),
        ("petitions_signature_state", {"state": "T"}),
        ("petitions_signature_state", {"state": "tx"}),
        ("petitions_signature_shown_as", {"shown_as": "loud"}),
        ("petitions_signature_reminders", {"reminders_sent": 3}),
        ("petitions_signature_story", {"comment": "", "story_shown_at": timezone.now()}),
        ("petitions_signature_story", {"comment": "x", "status": Status.PENDING, "story_shown_at": timezone.now()}),
        ("petitions_signature_story", {"comment": "x", "status": Status.WITHDRAWN, "story_shown_at": timezone.now()}),
        ("petitions_signature_story", {"comment": "x", "status": Status.INVALID, "story_shown_at": timezone.now()}),
    ],
)
def test_a_signature_is_refused_that_says_two_things(constraint, changes):
    refused(constraint, lambda: SignatureFactory(**changes))


def test_a_mailbox_signs_a_petition_once_and_other_petitions_too():
    first = SignatureFactory(email="ada@example.org")
    refused("petitions_signature_once", lambda: SignatureFactory(petition=first.petition, email="ada@example.org"))
    SignatureFactory(email="ada@example.org")
    assert Signature.objects.filter(email="ada@example.org").count() == 2


def test_a_private_key_opens_one_signature():
    first = SignatureFactory()
    refused("petitions_signature_key", lambda: SignatureFactory(key=first.key))


def test_a_bill_is_there_once():
    MeasureFactory(number=1300)
    refused("petitions_measure_number", lambda: MeasureFactory(number=1300))
    MeasureFactory(number=1300, congress=116)
    assert Measure.objects.count() == 2


def test_a_bill_is_of_a_type_that_congress_knows():
    refused("petitions_measure_kind", lambda: MeasureFactory(kind="ab"))


@pytest.mark.parametrize("link", ["companion", "successor"])
def test_a_bill_is_not_its_own_companion_nor_its_own_successor(link):
    bill = MeasureFactory()
    refused(f"petitions_measure_{link}", lambda: Measure.objects.filter(pk=bill.pk).update(**{link: bill}))


def test_addresses_are_secure_or_empty():
    refused("petitions_measure_url", lambda: MeasureFactory(url="http://example.org/"))
    refused("petitions_measureevent_source", lambda: MeasureEventFactory(source_url="javascript:alert(1)"))
    assert MeasureEventFactory(source_url="https://example.org/").measure.url == ""


def test_an_event_says_something_and_says_it_once():
    refused("petitions_measureevent_what", lambda: MeasureEventFactory(what=""))
    first = MeasureEventFactory()
    refused("petitions_measureevent_once", lambda: MeasureEventFactory(measure=first.measure))


def test_a_point_has_words_a_known_drawing_and_a_place_of_its_own():
    refused("petitions_petitionpoint_words", lambda: PointFactory(text=""))
    refused("petitions_petitionpoint_icon", lambda: PointFactory(icon="dragon"))
    first = PointFactory()
    with pytest.raises(IntegrityError, match="petitions_petitionpoint_position"), transaction.atomic():
        PointFactory(petition=first.petition, position=first.position)
        connection.check_constraints()


def test_two_points_may_swap_places_in_one_transaction():
    one, two = PointFactory(position=1), PointFactory(position=2)
    PetitionPoint.objects.update(petition=one.petition)
    with transaction.atomic():
        for point, position in ((one, 2), (two, 1)):
            PetitionPoint.objects.filter(pk=point.pk).update(position=position)
        connection.check_constraints()
    assert list(PetitionPoint.objects.order_by("position")) == [two, one]


@pytest.mark.parametrize("icon", PetitionPoint.Icon.values)
def test_every_icon_is_drawn(icon):
    assert "<svg" in render_to_string(PetitionPoint(icon=icon).icon_template)


def test_a_bill_is_named_as_congress_names_it():
    assert str(MeasureFactory(number=1300)) == "H.R.1300 (115th Congress)"
    assert str(MeasureFactory(kind=Measure.Kind.S, number=515, congress=103)) == "S.515 (103rd Congress)"


def test_a_petition_has_a_goal_and_closes_after_it_opens():
    refused("petitions_petition_goal", lambda: PetitionFactory(goal=0))
    refused("petitions_petition_first_goal", lambda: PetitionFactory(goal=500, first_goal=501))
    refused("petitions_petition_first_goal", lambda: PetitionFactory(goal=500, first_goal=0))
    now = timezone.now()
    refused("petitions_petition_closes", lambda: PetitionFactory(opens_at=now, closes_at=now))


def test_a_slug_is_one_petitions():
    PetitionFactory(slug="once")
    refused("petitions_petition_slug", lambda: PetitionFactory(slug="once"))


def test_a_version_number_is_given_once():
    petition = PetitionFactory()
    refused("petitions_version_number", lambda: VersionFactory(petition=petition, number=1))


def test_a_petition_has_one_draft_at_most():
    petition = PetitionFactory()
    VersionFactory(petition=petition, number=2, published_at=None)
    refused("petitions_version_one_draft", lambda: VersionFactory(petition=petition, number=3, published_at=None))


@pytest.mark.parametrize("change", [{"text": "Other words."}, {"published_at": None}, {"title_es": "Otra cosa"}])
def test_a_published_text_cannot_be_changed_by_anybody(change):
    version = VersionFactory()
    refused("never changes", lambda: PetitionVersion.objects.filter(pk=version.pk).update(**change))


def test_a_draft_can_be_changed():
    version = VersionFactory(published_at=None)
    assert PetitionVersion.objects.filter(pk=version.pk).update(text="Better words.") == 1


def test_publishing_makes_the_draft_current_once_and_is_recorded():
    petition, staff = PetitionFactory(), StaffFactory()
    draft = VersionFactory(petition=petition, number=2, title="Better words", published_at=None)
    assert Petition.objects.get().current_version.number == 1
    publishing.publish_text(petition=petition, by=staff)
    assert Petition.objects.get().current_version == draft
    with pytest.raises(publishing.NoDraft):
        publishing.publish_text(petition=petition, by=staff)
    assert [entry.change_message for entry in staff.logentry_set.all()] == ["Published a text (version: 2)"]


def test_what_was_signed_cannot_be_deleted():
    signature = SignatureFactory()
    with pytest.raises(ProtectedError):
        signature.version.delete()
    with pytest.raises(ProtectedError):
        signature.petition.delete()


def test_the_public_sees_petitions_that_have_opened_and_have_a_text():
    shown = PetitionFactory()
    closed = PetitionFactory(closes_at=timezone.now())
    PetitionFactory(version=None)
    PetitionFactory(opens_at=timezone.now() + timedelta(days=1))
    VersionFactory(published_at=None)
    assert set(Petition.objects.public()) == {shown, closed}


def test_words_that_are_not_translated_are_english():
    version = VersionFactory(title_es="Salvemos los empleos")
    assert version.in_language("es") == ("Salvemos los empleos", version.ask, version.text)


def test_a_delta_is_one_up_or_one_down():
    refused("petitions_tallydelta_amount", lambda: TallyDeltaFactory(amount=2))


def test_a_milestone_is_passed_once_and_is_a_number_of_people(petition):
    Milestone.objects.create(petition=petition, step=100)
    refused("petitions_milestone_once", lambda: Milestone.objects.create(petition=petition, step=100))
    refused("petitions_milestone_step", lambda: Milestone.objects.create(petition=petition, step=0))


def test_a_local_that_signatures_count_for_stays_in_the_list():
    local = LocalFactory()
    SignatureFactory(known_local=local)
    with pytest.raises(ProtectedError):
        local.delete()


def test_a_tally_is_there_once_in_a_known_dimension():
    tally = TallyFactory()
    refused("petitions_tally_once", lambda: TallyFactory(petition=tally.petition))
    refused("petitions_tally_dimension", lambda: TallyFactory(dimension="shoe size"))
    assert Tally.objects.count() == 1


def test_a_day_has_one_row_for_an_office_and_outcome_and_no_other_outcomes(petition):
    call = {"petition": petition, "legislator": member("AZ-03"), "outcome": "talked"}
    CallTally.objects.create(**call)
    refused("petitions_calltally_once", lambda: CallTally.objects.create(**call))
    refused("petitions_calltally_outcome", lambda: CallTally.objects.create(**{**call, "outcome": "shouted"}))


def test_a_signer_says_yes_to_a_later_bill_once(petition):
    yes = {"signature": SignatureFactory(petition=petition), "measure": MeasureFactory()}
    Reaffirmation.objects.create(**yes)
    refused("petitions_reaffirmation_once", lambda: Reaffirmation.objects.create(**yes))
