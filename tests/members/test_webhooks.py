"""What five mail services post to us, in the shape that their documentation shows, through the real addresses.

Signatures and passwords are made here as the services make them.
"""

import hmac
import json
import time
from base64 import b64encode
from hashlib import sha256

import pytest
from django.utils import timezone

from csan.lib.addresses import email_key
from csan.lib.mail import Outcome, Verdict
from members.models import MailEvent, Suppression
from members.outbox.claims import claim
from members.outbox.settling import settle
from tests.members.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("csan.webhooks")]

PASSWORD = "hook:a-long-password"
MAILGUN_KEY = "mailgun-signing-key"
RESEND_KEY = b"resend signing key"
MOMENT = 1_772_470_800  # seconds; 2 March 2026
KINDS = ("accepted", "delivered", "bounced", "complained")
HEARD = {"accepted": "", "delivered": "delivered", "bounced": "bounced", "complained": "complained"}


@pytest.fixture(autouse=True)
def services(settings):
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": PASSWORD,
        "MAILGUN_API_KEY": "key",
        "MAILGUN_WEBHOOK_SIGNING_KEY": MAILGUN_KEY,
        "BREVO_API_KEY": "key",
        "RESEND_SIGNING_SECRET": f"whsec_{b64encode(RESEND_KEY).decode()}",
    }


@pytest.fixture(autouse=True)
def amazons_package(monkeypatch):
    """boto3 is not among our packages; the webhook asks it only for credentials, to confirm a topic."""
    monkeypatch.setattr("anymail.webhooks.amazon_ses._get_anymail_boto3_params", lambda **_: ({}, {}))


class Service:
    """How a service calls back. `password` and `key` are wrong where a test wants them wrong."""

    path = ""
    signs = False

    def __init__(self, client, password=PASSWORD, key=None):
        self.client, self.password, self.key = client, password, key

    def post(self, payload, **headers):
        authorization = f"Basic {b64encode(self.password.encode()).decode()}"
        body = json.dumps(payload).encode()
        headers = {"authorization": authorization, **headers, **self.signature(body)}
        return self.client.post(self.path, body, content_type="application/json", headers=headers)

    def signature(self, body):
        return {}

    def tell(self, kind, letter, number=1):
        return self.post(self.payload(kind, letter, number))


class AmazonSES(Service):
    path = "/amazon_ses/tracking/"

    def payload(self, kind, letter, number):
        event = {
            "eventType": {
                "accepted": "Send",
                "delivered": "Delivery",
                "bounced": "Bounce",
                "complained": "Complaint",
            }[kind],
            "mail": {
                "timestamp": "2026-03-02T17:00:00.000Z",
                "messageId": f"ses-{letter.pk}",
                "destination": [letter.to],
                "headers": [{"name": "X-Metadata", "value": json.dumps({"letter": letter.reference})}],
            },
            "send": {},
            "delivery": {"recipients": [letter.to], "smtpResponse": "250 2.0.0 OK"},
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": letter.to, "action": "failed", "status": "5.1.1"}],
            },
            "complaint": {
                "complainedRecipients": [{"emailAddress": letter.to}],
                "complaintFeedbackType": "abuse",
                "userAgent": "Feedback Loop",
            },
        }
        return {
            "Type": "Notification",
            "MessageId": f"sns-{kind}-{number}",
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:letters",
            "Message": json.dumps(event),
            "Timestamp": "2026-03-02T17:00:01.000Z",
        }

    def post(self, payload, **headers):
        names = {"x-amz-sns-message-type": payload["Type"], "x-amz-sns-message-id": payload["MessageId"]}
        return super().post(payload, **names)


class Mailgun(Service):
    path = "/mailgun/tracking/"
    signs = True

    def payload(self, kind, letter, number):
        token = f"{kind}-{number}".ljust(50, "0")
        key = (self.key or MAILGUN_KEY).encode()
        data = {
            "event": {"bounced": "failed"}.get(kind, kind),
            "timestamp": MOMENT + number,
            "id": "Ase7i2zsRYeDXztHGENqRA",
            "recipient": letter.to,
            "message": {"headers": {"message-id": f"mailgun-{letter.pk}@example.org", "to": letter.to}},
            "user-variables": {"letter": letter.reference},
        }
        if kind == "bounced":
            data |= {"severity": "permanent", "reason": "bounce", "delivery-status": {"code": 550, "message": "no"}}
        signed = hmac.new(key, f"{MOMENT}{token}".encode(), sha256).hexdigest()
        return {"signature": {"timestamp": str(MOMENT), "token": token, "signature": signed}, "event-data": data}


class Postmark(Service):
    path = "/postmark/tracking/"

    def payload(self, kind, letter, number):
        common = {
            "MessageID": f"postmark-{letter.pk}",
            "ServerID": 23,
            "MessageStream": "broadcast",
            "Tag": "newsletter",
            "Metadata": {"letter": letter.reference},
        }
        moment = f"2026-03-02T17:00:{number:02}Z"
        bounce = {"ID": 692560000 + number, "Email": letter.to, "BouncedAt": moment, "Inactive": True}
        told = {
            # Postmark has no event of acceptance; its answer to the sending is one.
            "accepted": {"RecordType": "Delivery", "Recipient": letter.to, "DeliveredAt": moment},
            "delivered": {"RecordType": "Delivery", "Recipient": letter.to, "DeliveredAt": moment},
            "bounced": {"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1, **bounce},
            "complained": {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512, **bounce},
        }
        return {**common, **told[kind]}


class Brevo(Service):
    path = "/brevo/tracking/"

    def payload(self, kind, letter, number):
        names = {"accepted": "request", "delivered": "delivered", "bounced": "hard_bounce", "complained": "spam"}
        return {
            "event": names[kind],
            "email": letter.to,
            "id": 26224,
            "date": "2026-03-02 17:00:00",
            "message-id": f"<brevo-{letter.pk}@smtp-relay.example>",
            "subject": "News",
            "ts_epoch": (MOMENT + number) * 1000,
            "X-Mailin-custom": json.dumps({"letter": letter.reference}),
            "tags": ["newsletter"],
        }


class Resend(Service):
    path = "/resend/tracking/"
    signs = True
    moment = 0.0

    def payload(self, kind, letter, number):
        names = {"accepted": "sent", "delivered": "delivered", "bounced": "bounced", "complained": "complained"}
        self.name = f"msg_{kind}_{number}"
        data = {
            "email_id": f"resend-{letter.pk}",
            "from": "CSAN <action@example.org>",
            "to": [letter.to],
            "subject": "News",
            "headers": [{"name": "X-Metadata", "value": json.dumps({"letter": letter.reference})}],
        }
        if kind == "bounced":
            words = "The recipient's email provider sent a hard bounce message, but didn't specify the reason."
            data["bounce"] = {"type": "Permanent", "subType": "General", "message": words}
        return {"type": f"email.{names[kind]}", "created_at": f"2026-03-02T17:00:{number:02}.000Z", "data": data}

    def signature(self, body):
        moment = str(int(self.moment or time.time()))
        signed = hmac.digest(self.key or RESEND_KEY, f"{self.name}.{moment}.".encode() + body, sha256)
        # Two signatures, as while a secret is being exchanged.
        both = f"v1,{b64encode(b'old').decode()} v1,{b64encode(signed).decode()}"
        return {"svix-id": self.name, "svix-timestamp": moment, "svix-signature": both}


every_service = pytest.mark.parametrize("service", [AmazonSES, Mailgun, Postmark, Brevo, Resend])


def accepted():
    return MessageFactory(status="accepted", settled_at=timezone.now())


@every_service
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_service_tells_is_kept_and_folded(client, service, kind):
    letter = MessageFactory(status="uncertain", settled_at=timezone.now(), reason="no answer")
    assert service(client).tell(kind, letter).status_code == 200
    letter.refresh_from_db()
    wanted = "delivered" if service is Postmark and kind == "accepted" else HEARD[kind]
    assert (letter.status, letter.delivery) == ("accepted", wanted)
    assert MailEvent.objects.get().message == letter
    reasons = {"bounced": ["bounced"], "complained": ["complained"]}
    assert list(Suppression.objects.values_list("reason", flat=True)) == reasons.get(kind, [])


@every_service
def test_told_twice_it_is_kept_once(client, service):
    letter = accepted()
    hook = service(client)
    assert [hook.tell("bounced", letter).status_code for _ in range(2)] == [200, 200]
    assert MailEvent.objects.count() == 1
    assert Suppression.objects.get().email_key == email_key(letter.to)


@every_service
def test_told_in_the_wrong_order_it_comes_to_the_same(client, service):
    letter = accepted()
    hook = service(client)
    for number, kind in enumerate(("complained", "bounced", "delivered", "accepted"), 1):
        hook.tell(kind, letter, number)
    letter.refresh_from_db()
    assert (letter.status, letter.delivery) == ("accepted", "complained")
    assert Suppression.objects.get().reason == "complained"


@every_service
def test_told_before_our_own_commit_it_is_kept_and_our_word_changes_nothing(client, service):
    letter = MessageFactory()
    batch = claim("transactional", 1)
    service(client).tell("bounced", letter)
    settle(batch, {letter.pk: Outcome(Verdict.ACCEPTED, provider_id="esp")})
    letter.refresh_from_db()
    assert (letter.status, letter.delivery) == ("accepted", "bounced")
    assert Suppression.objects.get().reason == "bounced"


@every_service
def test_without_the_password_nothing_is_believed(client, service):
    response = service(client, password="hook:guessed").tell("complained", accepted())
    assert response.status_code == 400
    assert (MailEvent.objects.count(), Suppression.objects.count()) == (0, 0)


@pytest.mark.parametrize(("service", "key"), [(Mailgun, "guessed"), (Resend, b"guessed")])
def test_with_a_wrong_signature_nothing_is_believed(client, service, key):
    response = service(client, key=key).tell("complained", accepted())
    assert response.status_code == 400
    assert (MailEvent.objects.count(), Suppression.objects.count()) == (0, 0)


def test_an_old_signature_may_be_a_replayed_one(client):
    hook = Resend(client)
    hook.moment = time.time() - 3600
    assert hook.tell("complained", accepted()).status_code == 400
    assert MailEvent.objects.count() == 0


def test_amazon_is_asked_for_its_password_before_it_gives_one(client):
    response = client.post("/amazon_ses/tracking/", b"{}", content_type="application/json")
    assert (response.status_code, response["WWW-Authenticate"][:5]) == (401, "Basic")


@pytest.mark.parametrize("service", [Mailgun, Postmark, Brevo, Resend, AmazonSES])
def test_an_event_costs_few_queries_and_calls_nobody(client, service, django_assert_num_queries):
    letter = accepted()
    with django_assert_num_queries(15):
        service(client).tell("delivered", letter)
    letter.refresh_from_db()
    assert letter.delivery == "delivered"
