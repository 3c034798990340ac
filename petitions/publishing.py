"""Publishing a petition's words. What is published never changes; better words are a new version."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from csan.lib import audit
from petitions.models import Petition, PetitionVersion


class NoDraft(Exception):
    """The petition has no text that waits to be published."""


def next_number(petition: Petition) -> int:
    """The number a new version gets."""
    latest = petition.versions.order_by("-number").first()
    return latest.number + 1 if latest else 1


@transaction.atomic
def publish_text(*, petition: Petition, by: User | None) -> PetitionVersion:
    """Make the draft the text that people sign from now on. Raises NoDraft, also for a second press.

    It keeps the bills that the petition asks for today: whoever signs it signs for those.
    """
    draft = PetitionVersion.objects.select_for_update().filter(petition=petition, published_at=None).first()
    if draft is None:
        raise NoDraft
    draft.measures.set(petition.measures.all())
    draft.published_at = timezone.now()
    draft.save(update_fields=["published_at"])
    audit.record(by=by, objects=[petition], did="Published a text", version=draft.number)
    return draft
