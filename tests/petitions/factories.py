"""One factory a model of the petitions app; no surprises."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from csan.lib.addresses import email_key
from petitions.fraud.networks import address_hash, network_hash
from petitions.models import (
    CommitteeSeat,
    Cosponsorship,
    Dimension,
    District,
    Legislator,
    Measure,
    MeasureEvent,
    Office,
    Petition,
    PetitionPoint,
    PetitionVersion,
    Provision,
    Redrawing,
    Signature,
    SignatureEvidence,
    SignatureScore,
    Tally,
    TallyDelta,
    Term,
    ZipDistrict,
)


class MeasureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Measure

    congress = 115
    kind = Measure.Kind.HR
    number = factory.Sequence(lambda n: 1300 + n)
    title = "United States Call Center Worker and Consumer Protection Act of 2017"


class MeasureEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeasureEvent

    measure = factory.SubFactory(MeasureFactory)
    happened_on = date(2017, 3, 2)
    what = "Introduced in the House."


class ProvisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Provision

    measure = factory.SubFactory(MeasureFactory)
    position = factory.Sequence(lambda n: n + 1)
    text = "Whoever answers a call says where they are."


class PetitionFactory(factory.django.DjangoModelFactory):
    """An open petition with one published text, unless told otherwise (`version=None`: no text)."""

    class Meta:
        model = Petition
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"petition-{n}")
    goal = 15000
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    version = factory.RelatedFactory("tests.petitions.factories.VersionFactory", factory_related_name="petition")


class VersionFactory(factory.django.DjangoModelFactory):
    """A published text, unless told otherwise."""

    class Meta:
        model = PetitionVersion

    petition = factory.SubFactory(PetitionFactory, version=None)
    number = 1
    title = "Save Call Center Jobs"
    ask = "Pass the bill."
    text = "Callers are told **where** the call center is."
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))


class PointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PetitionPoint

    petition = factory.SubFactory(PetitionFactory)
    position = factory.Sequence(lambda n: n + 1)
    icon = PetitionPoint.Icon.WHERE
    title = "Tell callers the truth"
    text = "Whoever answers says where they are."


class SignatureFactory(factory.django.DjangoModelFactory):
    """A confirmed signature that was never counted; where the count matters, sign and confirm by `signing`."""

    class Meta:
        model = Signature

    petition = factory.SubFactory(PetitionFactory)
    version = factory.LazyAttribute(lambda signature: signature.petition.current_version)
    email = factory.Sequence(lambda n: f"signer{n}@example.org")
    email_key = factory.LazyAttribute(lambda signature: email_key(signature.email))
    given_name = "Ada"
    family_name = "Lovelace"
    zip_code = "20001"
    state = "DC"
    status = Signature.Status.CONFIRMED
    confirmed_at = factory.Maybe(
        factory.LazyAttribute(lambda signature: signature.status == Signature.Status.CONFIRMED),
        yes_declaration=factory.LazyFunction(timezone.now),
        no_declaration=None,
    )
    withdrawn_at = factory.Maybe(
        factory.LazyAttribute(lambda signature: signature.status == Signature.Status.WITHDRAWN),
        yes_declaration=factory.LazyFunction(timezone.now),
        no_declaration=None,
    )


class TallyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Tally

    petition = factory.SubFactory(PetitionFactory)


class TallyDeltaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TallyDelta

    petition = factory.SubFactory(PetitionFactory)
    amount = 1
    day = factory.LazyFunction(timezone.localdate)


def tally(petition, **states):
    """Tallies as they stand where so many of each state have confirmed today, such as DC=3; "unknown" for no state."""
    total = sum(states.values())
    TallyFactory(petition=petition, count=total)
    for dimension in (Dimension.DISTRICT, Dimension.LOCAL, Dimension.SOURCE):
        TallyFactory(petition=petition, dimension=dimension, count=total)
    TallyFactory(petition=petition, dimension=Dimension.DAY, value=timezone.localdate().isoformat(), count=total)
    for state, count in states.items():
        value = "" if state == "unknown" else state
        TallyFactory(petition=petition, dimension=Dimension.STATE, value=value, count=count)


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District

    congress = 119
    state = "AZ"
    number = factory.Sequence(lambda n: f"{n % 90 + 1:02}")


class ZipDistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ZipDistrict

    district = factory.SubFactory(DistrictFactory)
    zip_code = "85003"


class RedrawingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Redrawing

    congress = 120
    state = "TX"


class LegislatorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Legislator

    bioguide = factory.Sequence(lambda n: f"Y{n:06}")
    given_name = "Alma"
    family_name = "Sample"
    full_name = factory.LazyAttribute(lambda person: f"{person.given_name} {person.family_name}")


class TermFactory(factory.django.DjangoModelFactory):
    """Two years in the House, in the 119th Congress."""

    class Meta:
        model = Term

    legislator = factory.SubFactory(LegislatorFactory)
    chamber = Term.Chamber.HOUSE
    state = "AZ"
    number = "03"
    starts_on = date(2025, 1, 3)
    ends_on = date(2027, 1, 3)


class OfficeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Office

    legislator = factory.SubFactory(LegislatorFactory)
    slug = factory.Sequence(lambda n: f"office-{n}")
    city = "Phoenix"
    state = "AZ"


class CommitteeSeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CommitteeSeat

    legislator = factory.SubFactory(LegislatorFactory)
    committee = "HSIF"
    name = "House Committee on Energy and Commerce"


class CosponsorshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cosponsorship

    measure = factory.SubFactory(MeasureFactory)
    legislator = factory.SubFactory(LegislatorFactory)


def draw(code, *zip_codes, congress=119):
    """A district such as AZ-03 with the ZIP codes that lie in it."""
    district, _ = District.objects.get_or_create(congress=congress, state=code[:2], number=code[3:])
    for zip_code in zip_codes:
        ZipDistrictFactory(district=district, zip_code=zip_code)
    return district


class EvidenceFactory(factory.django.DjangoModelFactory):
    """What a confirmed signature came with: from an address of its own, at a human pace, now."""

    class Meta:
        model = SignatureEvidence

    class Params:
        host = factory.Sequence(lambda n: n)

    signature = factory.SubFactory(SignatureFactory)
    petition = factory.LazyAttribute(lambda evidence: evidence.signature.petition)
    signed_at = factory.LazyFunction(timezone.now)
    address = factory.LazyAttribute(lambda evidence: f"10.{evidence.host // 250 % 250}.{evidence.host % 250}.7")
    address_hash = factory.LazyAttribute(lambda evidence: address_hash(evidence.address))
    network_hash = factory.LazyAttribute(lambda evidence: network_hash(evidence.address))
    mail_domain = factory.LazyAttribute(lambda evidence: evidence.signature.email.rpartition("@")[2])
    seconds = 40
    agent = "chrome"


class ScoreFactory(factory.django.DjangoModelFactory):
    """A signature to review."""

    class Meta:
        model = SignatureScore

    signature = factory.SubFactory(SignatureFactory)
    petition = factory.LazyAttribute(lambda score: score.signature.petition)
    score = 40
    reasons = factory.LazyFunction(lambda: [{"rule": "address", "points": 40, "words": "34 from one address"}])
