"""The letters to a local, as they leave: one recipient, both parts, in the language of the registration."""

import pytest

from campaigns.boxes import shipping
from campaigns.emails import local_letters, registration_letters
from campaigns.entering import registering
from campaigns.models import ChangeRequest
from campaigns.private_page import changing
from tests.campaigns.factories import BoxFactory, OtherContactFactory, RegistrationFactory, WeekFactory
from tests.members.factories import LocalFactory, StaffFactory

pytestmark = pytest.mark.django_db


def received(registration) -> None:
    registration_letters.registration_received(registration)


def someone_else(registration) -> None:
    registration_letters.someone_else_registered(OtherContactFactory(registration=registration))


def approved(registration) -> None:
    registering.approve(registrations=[registration], by=StaffFactory())


def shipped(registration) -> None:
    registering.approve(registrations=[registration], by=StaffFactory())
    (box,) = shipping.create_boxes(registrations=[registration], by=StaffFactory())
    shipping.ship_box(box=box, carrier="ups", tracking_number="1Z999", by=StaffFactory())


def asked(registration) -> ChangeRequest:
    return ChangeRequest.objects.create(registration=registration, wanted={"members_count": 150})


def change_approved(registration) -> None:
    changing.approve_change(request=asked(registration), answer="Just in time <b>", by=StaffFactory())


def change_declined(registration) -> None:
    changing.decline_change(request=asked(registration), answer="It is packed <b>", by=StaffFactory())


def link_again(registration) -> None:
    local_letters.link_again(registration)


LETTERS = [
    (received, "We have the registration of CWA Local 1101"),
    (someone_else, "Somebody else also registered CWA Local 1101"),
    (approved, "CWA Local 1101 takes part in the Week of Action 2026"),
    (change_approved, "The change for CWA Local 1101 is made"),
    (change_declined, "The change for CWA Local 1101 could not be made"),
    (link_again, "The private link for CWA Local 1101"),
    (shipped, "The box for CWA Local 1101 is on its way"),
]


def make(language: str):
    """A registration whose words would break a letter that does not escape them."""
    return RegistrationFactory(
        week=WeekFactory(year=2026),
        local=LocalFactory(number="1101"),
        email="ada@example.org",
        contact_name="Ada & <b>Sons</b>",
        language=language,
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("write", "subject"), LETTERS)
def test_a_letter_has_one_reader_two_parts_and_the_private_link(mailbox, write, subject, language):
    registration = make(language)
    write(registration)

    letter = mailbox.send_and_read()[-1]

    assert letter["To"] == "ada@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    prefix = "/es" if language == "es" else ""
    link = f"http://testserver{prefix}/registration/{registration.key}/"
    text, html = (letter.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert link in text
    assert f'href="{link}' in html  # or a page of it
    assert f'lang="{language}"' in html
    assert "Ada & <b>Sons</b>" in text
    assert "Ada &amp; &lt;b&gt;Sons&lt;/b&gt;" in html
    if language == "en":
        assert letter["Subject"] == subject


def test_the_shipping_letter_leads_to_the_carrier_and_shows_the_address(mailbox):
    shipped(make("en"))
    text = mailbox.send_and_read()[-1].get_body(["plain"]).get_content()
    assert "Carrier: UPS, tracking number 1Z999." in text
    assert "https://www.ups.com/track?tracknum=1Z999" in text
    assert "  501 Third Street NW\n  Washington, DC 20001\n" in text


def test_another_carrier_has_no_link(mailbox):
    box = BoxFactory()
    shipping.ship_box(box=box, carrier="other", tracking_number="77", by=StaffFactory())
    text = mailbox.send_and_read()[-1].get_body(["plain"]).get_content()
    assert "Tracking number: 77." in text
    assert text.count("http") == 1


def test_days_are_written_in_the_reader_s_language(mailbox):
    registration = make("es")
    received(registration)
    text = mailbox.send_and_read()[-1].get_body(["plain"]).get_content()
    assert f" de {registration.week.freeze_on.year}" in text
