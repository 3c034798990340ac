"""Nobody is shown another reader's address: one door, and it holds also where a merge attribute got lost."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from csan.lib.mail import Exposed, Handing, Letter
from csan.lib.mail.batches import batch_email, is_fit_for_batch
from csan.lib.mail.privacy import assert_private
from csan.lib.mail.service import ServiceCarrier, hand_over
from csan.lib.mail.skeleton import RECIPIENT, REFERENCE, hole
from csan.lib.mail.smtp import SmtpCarrier
from csan.settings import mail_mode, mail_settings

ADA, BOB = "ada@example.org", "bob@example.org"
READERS = [(ADA, "1.a", {"key": "ka"}), (BOB, "2.b", {"key": "kb"})]


def rendition(**changes):
    values = {
        "to": RECIPIENT,
        "subject": "News",
        "text": f"Leave: http://testserver/unsubscribe/{hole('key')}/\n",
        "html": f"<p><a href='http://testserver/unsubscribe/{hole('key')}/'>Leave</a></p>\n",
        "message_id": f"<{REFERENCE}@testserver>",
        "reference": REFERENCE,
        "stream": "newsletter",
        "headers": {"List-Unsubscribe": f"<http://testserver/unsubscribe/{hole('key')}/>"},
    }
    return Letter(**{**values, **changes})


@pytest.fixture(params=["mailgun", "mailjet"])
def service(request, settings):
    settings.MAIL_SERVICE = request.param
    settings.EMAIL_BACKEND = f"anymail.backends.{request.param}.EmailBackend"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "k",
        "MAILGUN_SENDER_DOMAIN": "example.org",
        "MAILJET_API_KEY": "k",
        "MAILJET_SECRET_KEY": "s",
    }
    return request.param


def handing(email):
    return Handing((1, 2), tuple(email.to), email)


class TestTheDoor:
    def test_a_batch_passes(self, service):
        assert_private(batch_email(rendition(), readers=READERS), [ADA, BOB], is_batch=True)

    @pytest.mark.parametrize("lost", ["merge_data", "merge_metadata"])
    def test_a_batch_whose_merge_attribute_got_lost_does_not(self, service, lost):
        email = batch_email(rendition(), readers=READERS)
        delattr(email, lost)
        carrier = ServiceCarrier(1, most_together=10)
        with pytest.raises(Exposed):
            carrier.announce(handing(email))
        assert (carrier.ready(), carrier.in_hand) == ([], 0)

    def test_a_batch_that_lacks_one_readers_values_does_not(self, service):
        email = batch_email(rendition(), readers=READERS)
        del email.merge_data[BOB]
        with pytest.raises(Exposed):
            assert_private(email, [ADA, BOB], is_batch=True)

    def test_a_batch_does_not_pass_where_none_was_meant(self, service):
        email = batch_email(rendition(), readers=READERS)
        with pytest.raises(Exposed):
            ServiceCarrier(1).announce(handing(email))

    @pytest.mark.parametrize("more", ["cc", "bcc"])
    def test_nobody_stands_beside_the_reader(self, more):
        email = rendition(to=ADA).as_email()
        setattr(email, more, [BOB])
        with pytest.raises(Exposed):
            assert_private(email, [ADA], is_batch=False)

    def test_a_letter_goes_to_whom_it_names(self):
        with pytest.raises(Exposed):
            assert_private(rendition(to=ADA).as_email(), [BOB], is_batch=False)

    @pytest.mark.parametrize(
        "head",
        [
            b"From: x\r\nTo: bob@example.org\r\n\r\n",
            b"From: x\r\nTo: ada@example.org, bob@example.org\r\n\r\n",
            b"From: x\r\nTo: ada@example.org\r\nCc: bob@example.org\r\n\r\n",
            b"From: x\r\nTo: ada@example.org\r\nBcc: bob@example.org\r\n\r\n",
            b"From: x\r\nTo: ada@example.org\r\nTo: bob@example.org\r\n\r\n",
            b"From: x\r\n\r\nTo: ada@example.org\r\n",
        ],
    )
    def test_bytes_name_their_one_reader(self, head):
        with pytest.raises(Exposed):
            SmtpCarrier(1).announce(Handing((1,), (ADA,), head + b"News\r\n"))

    def test_a_long_address_in_a_folded_header_passes(self):
        to = f"{'a' * 60}@{'b' * 60}.example.org"
        assert_private(rendition(to=to).as_bytes(), [to], is_batch=False)


class TestBatch:
    def payload(self, monkeypatch):
        sent = []

        def post(session, **params):
            sent.append(params)
            raise OSError("no network here")

        monkeypatch.setattr("requests.Session.request", post)
        done = handing(batch_email(rendition(), readers=READERS))
        carrier = ServiceCarrier(1, most_together=10)
        carrier.announce(done)
        carrier.start(done)
        assert carrier.wait(5) == [done]
        carrier.close()
        return sent[0]

    def test_each_reader_gets_their_own_way_out_and_reference(self, service, monkeypatch):
        sent = self.payload(monkeypatch)
        text = str(sent.get("data")) + str(sent.get("files", ""))
        for key, reference in (("ka", "1.a"), ("kb", "2.b")):
            assert f"http://testserver/unsubscribe/{key}/" in text
            assert reference in text
        assert ("%recipient.key%" if service == "mailgun" else "[[var:key]]") in text
        assert "CSANhole" not in text

    def test_an_outcome_for_each(self, service):
        class Answering:
            def open(self):
                return True

            def send_messages(self, messages):
                raise OSError("gone")

        done = handing(batch_email(rendition(), readers=READERS))
        hand_over(Answering(), done)
        assert [each.verdict for each in done.outcomes] == ["down", "down"]

    @pytest.mark.parametrize(("name", "words"), [("mailgun", "100 %recipient"), ("mailjet", "{{ braces }}")])
    def test_words_that_the_service_would_take_for_its_own_go_one_by_one(self, settings, name, words):
        settings.MAIL_SERVICE = name
        assert is_fit_for_batch(rendition())
        assert not is_fit_for_batch(rendition(html=f"<p>{words}</p>"))


class TestMode:
    def test_one_by_one_is_what_everybody_can(self):
        assert [mail_mode("single", name) for name in ("", "postmark", "mailgun")] == ["single"] * 3

    @pytest.mark.parametrize("name", ["mailgun", "mailjet"])
    def test_batches_where_the_service_makes_each_copy(self, name):
        assert mail_mode("batch", name) == "batch"

    @pytest.mark.parametrize("name", ["", "postmark", "brevo", "resend", "amazon_ses", "sparkpost", "mailersend"])
    def test_no_batches_elsewhere_and_the_sentence_says_what_to_do(self, name):
        with pytest.raises(
            ImproperlyConfigured, match=r"Set MAIL_MODE to single, or send by one of: mailgun, mailjet"
        ):
            mail_mode("batch", name)

    def test_no_other_mode(self):
        with pytest.raises(ImproperlyConfigured, match="neither single nor batch"):
            mail_mode("bulk", "mailgun")

    @pytest.mark.parametrize(
        ("url", "wanted"),
        [
            ("mailgun?API_KEY=a&WEBHOOK_SIGNING_KEY=b", {"MAILGUN_API_KEY": "a", "MAILGUN_WEBHOOK_SIGNING_KEY": "b"}),
            ("postmark?SERVER_TOKEN=a", {"POSTMARK_SERVER_TOKEN": "a"}),
            ("brevo?API_KEY=a", {"BREVO_API_KEY": "a"}),
            ("resend?API_KEY=a&SIGNING_SECRET=whsec_b", {"RESEND_API_KEY": "a", "RESEND_SIGNING_SECRET": "whsec_b"}),
            (
                'amazon_ses?CLIENT_PARAMS={"region_name":"us-west-2"}',
                {"AMAZON_SES_CLIENT_PARAMS": {"region_name": "us-west-2"}},
            ),
        ],
    )
    def test_every_services_settings_fit_into_the_address(self, monkeypatch, url, wanted):
        monkeypatch.setenv("ANYMAIL_WEBHOOK_SECRET", "user:password")
        found = mail_settings(f"anymail://{url}")
        assert {name: found["ANYMAIL"][name] for name in wanted} == wanted
        assert found["MAIL_SERVICE"] == url.partition("?")[0]
