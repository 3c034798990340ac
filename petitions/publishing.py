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
    """Make the draft the text that people sign from now on. Raises NoDraft, also for a second press."""
    drafts = PetitionVersion.objects.filter(petition=petition, published_at=None)
    if not drafts.update(published_at=timezone.now()):
        raise NoDraft
    version = petition.versions.latest("number")
    audit.record(by=by, objects=[petition], did="Published a text", version=version.number)
    return version
