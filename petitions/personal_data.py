"""What we keep of a signer, for those who take their data along."""

from typing import Any

from members import outbox
from petitions.delivering import deliveries_of
from petitions.fraud import evidence
from petitions.models import Petition, Signature

KEPT = (
    "email", "given_name", "family_name", "zip_code", "local", "comment", "show_name", "wants_newsletter",
    "newsletter_wording", "language", "source", "status", "created_at", "asked_at", "confirmed_at", "withdrawn_at",
    "state", "story_shown_at", "district", "district_how", "district_congress", "source_code",
    "shown_as", "story_place", "reminders_sent",
)  # fmt: skip


def of_signature(signature: Signature) -> dict[str, Any]:
    """Everything we keep of one signature."""
    petition = {
        "petition": signature.petition.slug,
        "text_version": signature.version.number,
        "title": signature.version.title,
    }
    known_local = str(signature.known_local) if signature.known_local else ""
    later = signature.reaffirmations.select_related("measure").order_by("at")
    reaffirmed = [{"bill": str(each.measure), "at": each.at} for each in later]
    delivered = [{"on": each.on, "to": each.member, "how": each.how} for each in deliveries_of(signature)]
    kept = {name: getattr(signature, name) for name in KEPT}
    return {
        **petition,
        **kept,
        "known_local": known_local,
        "reaffirmed": reaffirmed,
        "delivered": delivered,
        "evidence": evidence.told(signature),
    }


def of_mailbox(email_key: str) -> list[dict[str, Any]]:
    """Every signature from a mailbox, with what became of the letters about it."""
    petitions = list(Petition.objects.values_list("pk", flat=True))  # named, so that the index of both columns serves
    signatures = Signature.objects.filter(petition__in=petitions, email_key=email_key)
    return [
        {**of_signature(each), "letters": outbox.told(outbox.letters_about(f"signature:{each.pk}"))}
        for each in signatures.select_related("petition", "version", "known_local", "evidence").order_by("pk")
    ]
