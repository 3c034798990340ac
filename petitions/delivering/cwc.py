"""Letters in the form of Communicating with Congress (CWC 2.0): one XML file a constituent, for vetted vendors.

The form wants each constituent's street address and e-mail address. A petition asks for neither to be passed on: no
street is kept, and the sign-up promises that the e-mail address does not go to Congress. So no signature of today can
be sent this way, and `check` says so; the files themselves are made for constituents who gave both for this purpose.

What is required here follows the House's rules as clients of the interface write them: agent and contact, office,
names, address, city, state, ZIP, e-mail, subject, one topic of the Library of Congress, and a message or a statement.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID, uuid5

from django.conf import settings

from petitions.delivering.seats import HOUSE
from petitions.models import Measure, Packet, Term

VERSION = "2.0"
SPACE = UUID("6a2f3f6e-6f0c-4b7e-9d43-0d1f4e9b5c11")  # of our own: the same letter has the same number, always
TOPICS = ("Labor and Employment", "Commerce")
PREFIXES = ("Mr.", "Mrs.", "Ms.", "Miss", "Mx.", "Dr.")
LONGEST_MESSAGE = 10_000
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_ADDRESS = (
    "None of these signatures can go through CWC. Its form requires each constituent's street address and e-mail "
    "address. We ask signers for neither a street nor the leave to pass on their e-mail address. Deliver the packet "
    "in person, by mail or by e-mail to the member's staff."
)
NO_AGENT = "CWC takes letters from vetted vendors only. Once you are one, set CWC_AGENT."


class CannotSend(Exception):
    """The letter cannot be made; the text says what is missing."""


@dataclass(frozen=True)
class Agent:
    """The vendor, who is known by the key to the interface, and whom to ask there."""

    name: str
    contact_name: str
    contact_email: str
    contact_phone: str


@dataclass(frozen=True)
class Constituent:
    """Somebody who writes to their member, and gave all of this in order to."""

    prefix: str
    given_name: str
    family_name: str
    address: str
    city: str
    state: str
    zip_code: str
    email: str


@dataclass(frozen=True)
class Message:
    """What they write."""

    campaign: str
    subject: str
    statement: str
    bill: Measure | None = None
    words: str = ""
    more_info: str = ""


@dataclass(frozen=True)
class Check:
    """How many of a packet's signatures can be sent, and why the others cannot."""

    total: int
    ready: int
    reason: str


def agent() -> Agent:
    """The vendor of the settings. Raises CannotSend."""
    parts = [part.strip() for part in settings.CWC_AGENT.split(";")]
    if len(parts) != len(fields(Agent)) or not all(parts):
        raise CannotSend(NO_AGENT)
    return Agent(*parts)


def check(packet: Packet) -> Check:
    """Which of the packet's signatures can go through CWC: none until an address is kept."""
    try:
        agent()
    except CannotSend as error:
        return Check(packet.count, 0, f"{error} {NO_ADDRESS}")
    return Check(packet.count, 0, NO_ADDRESS)


def office_of(term: Term) -> str:
    """The member's office as CWC names it: HAZ03; SAZ00 to SAZ02 by the senator's class."""
    if term.chamber == HOUSE:
        return f"H{term.state}{term.number}"
    if not term.senate_class:
        raise CannotSend("The senator's class is not known; import the members of Congress again.")
    return f"S{term.state}{term.senate_class - 1:02d}"


def letter(*, sender: Agent, term: Term, constituent: Constituent, message: Message, on: date) -> bytes:
    """One file. The same letter is the same bytes. Raises CannotSend where a required field is empty."""
    missing = [name.replace("_", " ") for name, value in vars(constituent).items() if not value and name != "prefix"]
    if missing:
        raise CannotSend(f"CWC requires the constituent's {', '.join(missing)}.")
    if constituent.prefix not in PREFIXES:
        raise CannotSend("CWC requires a form of address, such as Ms. or Mr.")
    if not message.statement and not message.words:
        raise CannotSend("CWC requires a message.")
    office = office_of(term)
    root = ET.Element("CWC")
    _add(root, "CWCVersion", VERSION)
    number = uuid5(SPACE, f"{message.campaign}/{office}/{constituent.email}").hex
    _add_delivery(root, sender, message, number, on)
    recipient = ET.SubElement(root, "Recipient")
    _add(recipient, "MemberOffice", office)
    _add(recipient, "IsResponseRequested", "N")
    _add_constituent(root, constituent)
    _add_message(root, message)
    ET.indent(root)
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _add(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = NOT_IN_XML.sub("", text)


def _add_delivery(root: ET.Element, sender: Agent, message: Message, number: str, on: date) -> None:
    delivery = ET.SubElement(root, "Delivery")
    _add(delivery, "DeliveryId", number)
    _add(delivery, "DeliveryDate", f"{on:%Y%m%d}")
    _add(delivery, "DeliveryAgent", sender.name)
    _add(delivery, "DeliveryAgentAckEmailAddress", sender.contact_email)
    contact = ET.SubElement(delivery, "DeliveryAgentContact")
    _add(contact, "DeliveryAgentContactName", sender.contact_name)
    _add(contact, "DeliveryAgentContactEmail", sender.contact_email)
    _add(contact, "DeliveryAgentContactPhone", sender.contact_phone)
    _add(delivery, "Organization", settings.SITE_NAME)
    _add(delivery, "CampaignId", message.campaign)


def _add_constituent(root: ET.Element, person: Constituent) -> None:
    row = ET.SubElement(root, "Constituent")
    _add(row, "Prefix", person.prefix)
    _add(row, "FirstName", person.given_name)
    _add(row, "LastName", person.family_name)
    _add(row, "Address1", person.address)
    _add(row, "City", person.city)
    _add(row, "StateAbbreviation", person.state)
    _add(row, "Zip", person.zip_code)
    _add(row, "Email", person.email)
    _add(row, "EmailValidation", "Y")  # a link in a letter to it was followed


def _add_message(root: ET.Element, message: Message) -> None:
    row = ET.SubElement(root, "Message")
    _add(row, "Subject", message.subject)
    topics = ET.SubElement(row, "LibraryOfCongressTopics")
    for topic in TOPICS:
        _add(topics, "LibraryOfCongressTopic", topic)
    if message.bill:
        bill = ET.SubElement(ET.SubElement(row, "Bills"), "Bill")
        _add(bill, "BillCongress", str(message.bill.congress))
        _add(bill, "BillTypeAbbreviation", message.bill.kind)
        _add(bill, "BillNumber", str(message.bill.number))
        _add(row, "ProOrCon", "Pro")
    if message.statement:
        _add(row, "OrganizationStatement", message.statement[:LONGEST_MESSAGE])
    if message.words:
        _add(row, "ConstituentMessage", message.words[:LONGEST_MESSAGE])
    if message.more_info:
        _add(row, "MoreInfo", message.more_info)
