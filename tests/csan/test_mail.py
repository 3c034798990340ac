"""The one door to mail: letters, skeletons, and honest verdicts from every kind of mail service."""

import email
import ssl
from email import policy

import pytest
import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from anymail.message import AnymailRecipientStatus
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend
from urllib3.exceptions import MaxRetryError, NameResolutionError, ProtocolError
from urllib3.exceptions import SSLError as UrllibSSLError

from csan.lib.mail import BrokenSkeleton, Handing, Letter, Outcome, Skeleton, Verdict, build, open_carrier
from csan.lib.mail.html import fold_long_lines
from csan.lib.mail.service import ServiceCarrier, hand_over
from csan.lib.mail.skeleton import RECIPIENT, REFERENCE, hole
from csan.lib.mail.smtp import SmtpCarrier
from csan.lib.mail.verdicts import judge_anymail, judge_request, judge_status
from csan.lib.mail.wire import quote_dots
from csan.settings import mail_settings


def letter(**changes):
    values = {
        "to": "ada@example.org",
        "subject": "Hello",
        "text": "Hello\n",
        "html": "<p>Hello</p>\n",
        "message_id": "<1.x@testserver>",
        "reference": "1.x",
    }
    return Letter(**{**values, **changes})


class TestLetter:
    @pytest.mark.parametrize("to", ["", "a@example.org, b@example.org", "nobody", "a@b@c.org"])
    def test_exactly_one_recipient(self, to):
        with pytest.raises(ValueError, match="exactly one recipient"):
            letter(to=to).as_email()

    def test_a_subject_is_one_line_whatever_a_template_does(self):
        context = {"name": "Ada", "preferences_url": "#", "unsubscribe_url": "#", "archive_url": "#"}
        built = build("members/welcome", to="a@example.org", language="en", context=context, reference="1.x")
        assert "\n" not in built.subject
        assert built.subject == built.subject.strip() != ""

    def test_answers_go_to_the_contact_address(self, settings):
        settings.CONTACT_EMAIL = "people@example.org"
        assert email.message_from_bytes(letter().as_bytes())["Reply-To"] == "people@example.org"

    def test_the_service_gets_our_reference_and_nothing_about_the_person(self):
        assert letter().as_email().metadata == {"letter": "1.x"}


class TestSkeleton:
    def general(self, **changes):
        values = {
            "to": RECIPIENT,
            "reference": REFERENCE,
            "message_id": f"<{REFERENCE}@testserver>",
            "text": f"¡Hola! Leave: http://testserver/unsubscribe/{hole('key')}/\n.\nA dot above.\n",
            "html": f"<p>¡Hola! <a href='http://testserver/unsubscribe/{hole('key')}/'>Leave</a></p>\n",
            "subject": "¡Buenas noticias para quienes contestan las llamadas, y algunas otras cosas más de este mes!",
            "headers": {"List-Unsubscribe": f"<http://testserver/unsubscribe/{hole('key')}/>"},
        }
        return letter(**{**values, **changes})

    def test_filled_it_is_the_letter_that_would_have_been_built(self):
        data = Skeleton.of(self.general(), holes={"key"}).fill(
            to="ada@example.org", reference="7.seal", values={"key": "k-1_x"}
        )
        built = self.general(
            to="ada@example.org",
            message_id="<7.seal@testserver>",
            text=self.general().text.replace(hole("key"), "k-1_x"),
            html=self.general().html.replace(hole("key"), "k-1_x"),
            headers={"List-Unsubscribe": "<http://testserver/unsubscribe/k-1_x/>"},
        ).as_bytes()
        filled, wanted = (email.message_from_bytes(each, policy=policy.default) for each in (data, built))
        for name in ("To", "Subject", "From", "Message-ID", "List-Unsubscribe", "MIME-Version"):
            assert filled[name] == wanted[name]
        assert filled["Date"]
        for kind in ("plain", "html"):
            assert filled.get_body((kind,)).get_content() == wanted.get_body((kind,)).get_content()
        assert b"CSANhole" not in data

    def test_a_lost_hole_is_found_out_before_anything_is_sent(self):
        broken = self.general(html="<p>" + "x" * 2000 + hole("key") + "</p>", text="no link", headers={})
        with pytest.raises(BrokenSkeleton):
            Skeleton.of(broken, holes={"key", "name"})

    @pytest.mark.parametrize(
        "to", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "<a@b.org>"]
    )
    def test_nothing_can_be_smuggled_in_by_an_address(self, to):
        skeleton = Skeleton.of(self.general(), holes={"key"})
        with pytest.raises(ValueError, match="exactly one recipient"):
            skeleton.fill(to=to, reference="1.x", values={"key": "k"})

    def test_a_long_line_of_html_is_broken_at_a_blank(self):
        html = fold_long_lines("<p>" + "word " * 600 + "</p>")
        assert max(len(line.encode()) for line in html.split("\n")) <= 900
        assert html.replace("\n", " ") == "<p>" + "word " * 600 + "</p>"


class TestTransport:
    def test_the_settings_name_it(self, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        assert isinstance(open_carrier(), SmtpCarrier)
        settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
        carrier = open_carrier()
        assert isinstance(carrier, ServiceCarrier)
        assert (carrier.most, carrier.most_together) == (8, 1)
        settings.EMAIL_BACKEND = "csan.lib.mail.files.EmailBackend"
        assert open_carrier().most == 1

    def test_a_mail_service_takes_a_letter_and_names_it(self, settings):
        settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
        carrier = open_carrier()
        carrier.announce(Handing((1,), ("ada@example.org",), letter().as_email()))
        carrier.start(*carrier.ready())
        (handing,) = carrier.wait(5)
        carrier.close()
        (outcome,) = handing.outcomes
        assert outcome.verdict is Verdict.ACCEPTED
        assert outcome.provider_id

    @pytest.mark.parametrize(
        ("error", "verdict"),
        [
            (AnymailRecipientsRefused("no"), Verdict.REFUSED),
            (AnymailConfigurationError("no key"), Verdict.DOWN),
            (AnymailAPIError("slow down", response=None), Verdict.UNKNOWN),
            (requests.ConnectTimeout(), Verdict.DOWN),
            (requests.ReadTimeout(), Verdict.UNKNOWN),
            (OSError("disk full"), Verdict.DOWN),
        ],
    )
    def test_a_service_that_fails_is_judged_by_what_it_may_have_taken(self, error, verdict):
        class Failing(BaseEmailBackend):
            def send_messages(self, email_messages):
                raise error

        handing = Handing((1,), ("a@b.org",), letter(to="a@b.org").as_email())
        hand_over(Failing(), handing)
        assert [outcome.verdict for outcome in handing.outcomes] == [verdict]

    @pytest.mark.parametrize(
        ("status", "verdict"),
        [
            (401, Verdict.DOWN),
            (429, Verdict.DOWN),
            (422, Verdict.TEMPORARY),
            (500, Verdict.UNKNOWN),
            (503, Verdict.UNKNOWN),
        ],
    )
    def test_an_answer_of_the_service_is_judged_by_its_status(self, status, verdict):
        response = requests.Response()
        response.status_code = status
        response.url, response.request = (
            "https://mail.example",
            requests.Request("POST", "https://mail.example").prepare(),
        )
        error = AnymailRequestsAPIError("no", response=response)
        assert judge_anymail(error).verdict is verdict

    def test_a_connection_that_never_stood_carried_nothing(self):
        error = AnymailAPIError("no")
        error.__cause__ = requests.ConnectTimeout()
        assert judge_anymail(error).verdict is Verdict.DOWN

    @pytest.mark.parametrize(
        ("cause", "verdict"),
        [
            (NameResolutionError("mail.example", None, OSError()), Verdict.DOWN),
            (UrllibSSLError(ssl.SSLCertVerificationError()), Verdict.DOWN),
            (UrllibSSLError(ssl.SSLError("closed in the middle")), Verdict.UNKNOWN),
            (ProtocolError("reset"), Verdict.UNKNOWN),
        ],
    )
    def test_what_lay_beneath_a_broken_connection_tells(self, cause, verdict):
        error = requests.ConnectionError(MaxRetryError(None, "https://mail.example", cause))
        assert judge_request(error).verdict is verdict

    @pytest.mark.parametrize(
        ("status", "verdict"),
        [
            ("sent", Verdict.ACCEPTED),
            ("queued", Verdict.ACCEPTED),
            ("invalid", Verdict.REFUSED),
            ("rejected", Verdict.REFUSED),
            ("failed", Verdict.TEMPORARY),
            ("unknown", Verdict.UNKNOWN),
        ],
    )
    def test_what_a_service_says_of_the_recipient_counts(self, status, verdict):
        assert judge_status(AnymailRecipientStatus(message_id="7", status=status)).verdict is verdict

    def test_a_service_that_says_nothing_leaves_it_open(self):
        assert judge_status(None).verdict is Verdict.UNKNOWN

    def test_lines_that_begin_with_a_dot_are_quoted(self):
        assert quote_dots(b"a\r\n.\r\n..b\r\n") == b"a\r\n..\r\n...b\r\n.\r\n"

    def test_outcomes_compare_by_value(self):
        assert Outcome(Verdict.ACCEPTED) == Outcome(Verdict.ACCEPTED)


class TestEmailUrl:
    def test_any_anymail_backend_by_its_name(self, monkeypatch):
        monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", "user:password")
        found = mail_settings("anymail://postmark?SERVER_TOKEN=abc")
        assert found["EMAIL_BACKEND"] == "anymail.backends.postmark.EmailBackend"
        assert found["ANYMAIL"]["POSTMARK_SERVER_TOKEN"] == "abc"

    def test_webhooks_that_anybody_could_call_are_not_served(self):
        with pytest.raises(ImproperlyConfigured, match="ANYMAIL_WEBHOOK_SECRET"):
            mail_settings("anymail://postmark?SERVER_TOKEN=abc")

    def test_smtp_and_files(self):
        assert mail_settings("smtp://mail.example:2525")["EMAIL_PORT"] == 2525
        assert mail_settings("smtp+tls://u:p@mail.example:587")["EMAIL_USE_TLS"] is True
        assert mail_settings("filemail:///tmp/x")["EMAIL_FILE_PATH"] == "/tmp/x"
