"""What the database refuses to believe of Congress, of moves and of districts."""

from datetime import date
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from petitions import publishing
from petitions.models import (
    DistrictReview,
    PetitionVersion,
    Reaffirmation,
    Succession,
    VersionMeasure,
)
from tests.petitions.factories import (
    CommitteeSeatFactory,
    CosponsorshipFactory,
    DistrictFactory,
    LegislatorFactory,
    MeasureFactory,
    OfficeFactory,
    PetitionFactory,
    ProvisionFactory,
    RedrawingFactory,
    SignatureFactory,
    TermFactory,
    VersionFactory,
    ZipDistrictFactory,
)

pytestmark = pytest.mark.django_db


def refused(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("constraint", "factory", "values"),
    [
        ("petitions_district_state", DistrictFactory, {"state": "az"}),
        ("petitions_district_number", DistrictFactory, {"number": "3"}),
        ("petitions_zipdistrict_zip", ZipDistrictFactory, {"zip_code": "2139"}),
        ("petitions_redrawing_state", RedrawingFactory, {"state": "T"}),
        ("petitions_legislator_bioguide", LegislatorFactory, {"bioguide": "s001203"}),
        ("petitions_term_chamber", TermFactory, {"chamber": "lords"}),
        ("petitions_term_state", TermFactory, {"state": "A1"}),
        ("petitions_term_number", TermFactory, {"chamber": "senate", "number": "03"}),
        ("petitions_term_number", TermFactory, {"chamber": "house", "number": ""}),
        ("petitions_term_ends", TermFactory, {"ends_on": date(2025, 1, 3)}),
        (
            "petitions_cosponsorship_withdrawn",
            CosponsorshipFactory,
            {"is_sponsor": True, "withdrawn_on": date(2017, 3, 2)},
        ),
        ("petitions_signature_district", SignatureFactory, {"district": "AZ3", "district_how": "unique"}),
        ("petitions_signature_district_how", SignatureFactory, {"district": "AZ-03", "district_how": ""}),
        ("petitions_signature_district_how", SignatureFactory, {"district": "AZ-03", "district_how": "unique"}),
        (
            "petitions_signature_district_how",
            SignatureFactory,
            {"district": "", "district_how": "chosen", "district_congress": 119},
        ),
        ("petitions_signature_district_how", SignatureFactory, {"district": "", "district_how": "perhaps"}),
    ],
)
def test_a_row_is_refused_that_cannot_be_so(constraint, factory, values):
    refused(constraint, lambda: factory(**values))


@pytest.mark.parametrize("how", ["unique", "chosen"])
def test_a_signature_with_a_district_says_how_and_by_which_lines(how):
    assert SignatureFactory(district="AZ-03", district_how=how, district_congress=119).district == "AZ-03"


@pytest.mark.parametrize("how", ["", "split", "unsure", "redrawn", "unknown"])
def test_a_signature_without_a_district_says_why(how):
    assert SignatureFactory(district_how=how).district == ""


def test_rows_are_there_once():
    district = DistrictFactory(number="03")
    refused("petitions_district_once", lambda: DistrictFactory(number="03"))
    ZipDistrictFactory(district=district)
    refused("petitions_zipdistrict_once", lambda: ZipDistrictFactory(district=district))
    RedrawingFactory()
    refused("petitions_redrawing_once", RedrawingFactory)
    person = LegislatorFactory(bioguide="X000001")
    refused("petitions_legislator_bioguide_key", lambda: LegislatorFactory(bioguide="X000001"))
    TermFactory(legislator=person)
    refused("petitions_term_once", lambda: TermFactory(legislator=person, number="04"))
    OfficeFactory(slug="phoenix")
    refused("petitions_office_slug_key", lambda: OfficeFactory(slug="phoenix"))
    CommitteeSeatFactory(legislator=person)
    refused("petitions_committeeseat_once", lambda: CommitteeSeatFactory(legislator=person))
    name = CosponsorshipFactory(legislator=person, is_sponsor=True)
    refused("petitions_cosponsorship_once", lambda: CosponsorshipFactory(measure=name.measure, legislator=person))
    refused("petitions_cosponsorship_sponsor", lambda: CosponsorshipFactory(measure=name.measure, is_sponsor=True))


def move(petition, measure, **values):
    return Succession.objects.create(petition=petition, measure=measure, version=petition.current_version, **values)


def test_a_petition_moves_to_a_bill_once_and_asks_no_more_than_it_has_seen():
    petition, measure = PetitionFactory(), MeasureFactory()
    refused("petitions_succession_asked", lambda: move(petition, measure, asked=2, seen=1))
    move(petition, measure, asked=1, seen=1)
    refused("petitions_succession_once", lambda: move(petition, measure))
    with pytest.raises(ProtectedError):
        measure.delete()


def test_a_signer_says_yes_to_a_bill_once():
    signature, measure = SignatureFactory(), MeasureFactory()
    Reaffirmation.objects.create(signature=signature, measure=measure)
    refused("petitions_reaffirmation_once", lambda: Reaffirmation.objects.create(signature=signature, measure=measure))
    with pytest.raises(ProtectedError):
        measure.delete()


def test_a_new_congress_is_reviewed_once_an_import_as_often_as_there_is_one():
    for _ in range(2):
        DistrictReview.objects.create(reason="import", congress=120)
    DistrictReview.objects.create(reason="congress", congress=120)
    refused(
        "petitions_districtreview_congress", lambda: DistrictReview.objects.create(reason="congress", congress=120)
    )
    refused("petitions_districtreview_reason", lambda: DistrictReview.objects.create(reason="why", congress=120))
    refused(
        "petitions_districtreview_changed",
        lambda: DistrictReview.objects.create(reason="import", congress=120, changed=1),
    )


def test_what_a_published_text_asks_for_is_final_and_a_draft_may_still_change():
    petition, first, second = PetitionFactory(version=None), MeasureFactory(), MeasureFactory()
    draft = VersionFactory(petition=petition, published_at=None)
    draft.measures.add(first)
    refused("petitions_versionmeasure_once", lambda: VersionMeasure.objects.create(version=draft, measure=first))
    draft.measures.set([second])
    petition.measures.set([first])
    publishing.publish_text(petition=petition, by=None)
    refused("What a published text asks for", lambda: VersionMeasure.objects.create(version=draft, measure=second))
    refused("What a published text asks for", lambda: VersionMeasure.objects.update(measure=second))
    assert [row.measure for row in VersionMeasure.objects.all()] == [first]
    with pytest.raises(ProtectedError):
        first.delete()
    petition.delete()
    assert (PetitionVersion.objects.count(), VersionMeasure.objects.count()) == (0, 0)


def test_old_texts_got_the_bills_of_their_petition():
    """What the migration did, on rows as they were."""
    petition, measure = PetitionFactory(), MeasureFactory()
    petition.measures.set([measure])
    assert petition.current_version.measures.count() == 0
    sql = import_module("petitions.migrations.0009_versions_keep_their_measures").FORWARDS
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER petitions_versionmeasure_final ON petitions_versionmeasure")
        cursor.execute(sql.partition(";")[0])
    assert list(petition.current_version.measures.all()) == [measure]


def test_a_bill_has_one_first_provision_and_two_may_be_swapped_in_one_form():
    first = ProvisionFactory(position=1)
    second = ProvisionFactory(measure=first.measure, position=2)
    with transaction.atomic():
        for row, position in ((first, 2), (second, 1)):
            row.position = position
            row.save()
    with pytest.raises(IntegrityError, match="petitions_provision_position"), transaction.atomic():
        ProvisionFactory(measure=first.measure, position=1)
        connection.check_constraints()
