"""How each mail service says that a bounce is for good, and not a full mailbox or a server that is away.

Names as the services document them: docs.aws.amazon.com/ses (bounceType), documentation.mailgun.com (severity),
postmarkapp.com/developer (bounce types), developers.brevo.com (event), resend.com/docs (bounce.type),
dev.mailjet.com (hard_bounce), developers.sparkpost.com (bounce_class), mailchimp.com/developer (event, Mandrill).
"""

from collections.abc import Callable, Mapping
from typing import Any

Told = Mapping[str, Any]


def _inner(told: Told, *names: str) -> Any:
    """What stands under a path of names; nothing where it is not there."""
    found: Any = told
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


DEAD_AT_POSTMARK = ("HardBounce", "BadEmailAddress")
DEAD_AT_SPARKPOST = ("10", "30", "90")  # invalid recipient, no recipient, unsubscribed

SAYS_FOR_GOOD: Mapping[str, Callable[[Told], bool]] = {
    "Amazon SES": lambda told: _inner(told, "bounce", "bounceType") == "Permanent",
    "Brevo": lambda told: told.get("event") in ("hard_bounce", "invalid_email"),
    "MailerSend": lambda told: told.get("type") == "activity.hard_bounced",
    "Mailgun": lambda told: _inner(told, "event-data", "severity") == "permanent" or told.get("event") == "bounced",
    "Mailjet": lambda told: bool(told.get("hard_bounce")),
    "Mandrill": lambda told: told.get("event") == "hard_bounce",
    "Postmark": lambda told: told.get("Type") in DEAD_AT_POSTMARK,
    "Resend": lambda told: _inner(told, "data", "bounce", "type") == "Permanent",
    "SparkPost": lambda told: str(told.get("bounce_class")) in DEAD_AT_SPARKPOST,
    "Unisender Go": lambda told: _inner(told, "event_data", "status") == "hard_bounced",
}


def is_for_good(service: str, told: object, *, reject_reason: str = "") -> bool:
    """Whether the event says of a bounce that this mailbox will never take mail. `told` is the event as it came."""
    if reject_reason == "invalid":
        return True
    says = SAYS_FOR_GOOD.get(service)
    return says is not None and isinstance(told, Mapping) and says(told)
