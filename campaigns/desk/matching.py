"""A local that somebody typed by hand is found in the directory: its registration moves there."""

import re

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q

from campaigns.models import Registration
from csan.lib import audit
from members.models import Local

MOST = 12  # candidates


class SameLocal(Exception):
    """It is the local that the registration has."""


class RegisteredAlready(Exception):
    """That local has a living registration for the week: one of the two is to be declined first."""


def is_free_entry(local: Local) -> bool:
    """Whether somebody typed it, and nobody has said where it belongs."""
    return not local.district and not local.state


def candidates(registration: Registration, words: str = "") -> list[Local]:
    """Locals of the directory that it may be: by the words, else by the digits that were typed and by the town."""
    known = Local.objects.exclude(pk=registration.local_id).exclude(district="", state="")
    text = words.strip() or registration.local.number
    wanted = Q(number__iexact=text) | Q(name__icontains=text)
    wanted |= Q(city__iexact=text if words.strip() else registration.place.city)
    if digits := "".join(re.findall(r"\d", text)):
        wanted |= Q(number__icontains=digits)
    return list(known.filter(wanted).order_by("affiliate", "number")[:MOST])


@transaction.atomic
def match_local(*, registration: Registration, local: Local, by: User) -> Registration:
    """The registration is this local's. What was typed goes where nothing else hangs on it.

    Raises SameLocal or RegisteredAlready.
    """
    held = Registration.objects.select_for_update(of=("self",)).select_related("local").get(pk=registration.pk)
    typed = held.local
    if typed.pk == local.pk:
        raise SameLocal
    held.local = local
    try:
        with transaction.atomic():
            held.save(update_fields=["local"])
    except IntegrityError as error:
        if "campaigns_registration_living" not in str(error):
            raise
        raise RegisteredAlready from error
    if is_free_entry(typed) and not _is_used(typed):
        typed.delete()
    audit.record(by=by, objects=[held], did="Matched to the directory", typed=typed)
    return held


def _is_used(local: Local) -> bool:
    """Whether any row of any app names it; deleted, it would take that away silently."""
    return any(
        other.related_model._base_manager.filter(**{other.field.name: local}).exists()
        for other in Local._meta.related_objects
    )
