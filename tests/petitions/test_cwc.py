"""Letters for Communicating with Congress: every required element, and an honest refusal where one is missing."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from petitions.delivering import cwc
from petitions.models import Packet
from tests.petitions import congress
from tests.petitions.factories import MeasureFactory, PetitionFactory

pytestmark = pytest.mark.django_db
# What the interface refuses a letter without, as clients of it write it.
REQUIRED = [
    "CWCVersion",
    "Delivery/DeliveryId",
    "Delivery/DeliveryDate",
    "Delivery/DeliveryAgent",
    "Delivery/DeliveryAgentAckEmailAddress",
    "Delivery/DeliveryAgentContact/DeliveryAgentContactName",
    "Delivery/DeliveryAgentContact/DeliveryAgentContactEmail",
    "Delivery/DeliveryAgentContact/DeliveryAgentContactPhone",
    "Delivery/CampaignId",
    "Recipient/MemberOffice",
    "Recipient/IsResponseRequested",
    "Constituent/Prefix",
    "Constituent/FirstName",
    "Constituent/LastName",
    "Constituent/Address1",
    "Constituent/City",
    "Constituent/StateAbbreviation",
    "Constituent/Zip",
    "Constituent/Email",
    "Message/Subject",
    "Message/LibraryOfCongressTopics/LibraryOfCongressTopic",
]
ANA = cwc.Constituent("Ms.", "Ana", "Ruiz & Sons", "1 Main St", "Phoenix", "AZ", "85003", "ana@example.org")
WORDS = cwc.Message("jobs", "Save call center jobs", "Please cosponsor H.R.4954.", words="My job <moved>.\x00")


@pytest.fixture
def agent(settings):
    settings.CWC_AGENT = "Vendor Inc.; Ruth Okafor; ruth@example.org; 202-555-0134"
    return cwc.agent()


@pytest.fixture
def term():
    return congress.representative(1, "Ames", "AZ", "03")


def letter(agent, term, constituent=ANA, message=WORDS):
    return cwc.letter(sender=agent, term=term, constituent=constituent, message=message, on=congress.TODAY)


def test_a_letter_has_every_required_element(agent, term):
    root = ET.fromstring(letter(agent, term, message=replace(WORDS, bill=MeasureFactory(congress=119, number=4954))))
    assert [path for path in REQUIRED if not (root.findtext(path) or "").strip()] == []
    assert root.findtext("Recipient/MemberOffice") == "HAZ03"
    assert root.findtext("Delivery/DeliveryDate") == "20260601"
    assert len(root.findtext("Delivery/DeliveryId")) == 32
    assert root.findtext("Constituent/LastName") == "Ruiz & Sons"
    assert root.findtext("Message/ConstituentMessage") == "My job <moved>."
    bill = root.find("Message/Bills/Bill")
    assert [child.text for child in bill] == ["119", "hr", "4954"]
    assert root.findtext("Message/ProOrCon") == "Pro"


def test_the_same_letter_is_the_same_file_and_another_has_another_number(agent, term):
    assert letter(agent, term) == letter(agent, term)
    other = replace(ANA, email="bea@example.org")
    assert letter(agent, term) != letter(agent, term, other)


@pytest.mark.parametrize(("of_class", "office"), [(1, "SAZ00"), (2, "SAZ01"), (3, "SAZ02")])
def test_senators_are_told_apart_by_their_class(of_class, office):
    assert cwc.office_of(congress.senator(2, "Bell", "AZ", of_class=of_class)) == office


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": ""}, "address"),
        ({"city": "", "email": ""}, "city, email"),
        ({"prefix": ""}, "form of address"),
        ({"prefix": "Comrade"}, "form of address"),
    ],
)
def test_without_what_is_required_there_is_no_letter(agent, term, changes, words):
    with pytest.raises(cwc.CannotSend, match=words):
        letter(agent, term, replace(ANA, **changes))


@pytest.mark.parametrize("written", ["", "Vendor", "Vendor;Ruth;;202"])
def test_without_a_vetted_vendor_nothing_is_sent(settings, written):
    settings.CWC_AGENT = written
    with pytest.raises(cwc.CannotSend, match="vetted vendors"):
        cwc.agent()


def test_no_signature_of_a_petition_can_go_that_way(agent, term):
    petition = PetitionFactory()
    packet = Packet(petition=petition, count=12)
    said = cwc.check(packet)
    assert (said.total, said.ready) == (12, 0)
    assert said.reason.startswith("None of these signatures can go through CWC.")
