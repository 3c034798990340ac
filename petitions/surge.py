"""The surge switches: what is off for now. Read at every request, from the process's own memory for some seconds."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csan.lib import audit
from csan.lib.languages import in_language
from csan.lib.remembering import remembered
from petitions.models import Surge

KEPT = 3  # seconds that a switch may take to be seen by every process; Redis has no part in it
RETRY_AFTER = 600  # seconds: what a paused form tells programs


@dataclass(frozen=True)
class Switches:
    """How the switches stand."""

    is_paused: bool = False
    pause_message: str = ""
    pause_message_es: str = ""
    looks_up_districts: bool = True
    shows_maps: bool = True
    count_seconds: int = 5

    @property
    def message(self) -> str:
        """What people read instead of the form, in their language."""
        return in_language(self.pause_message, self.pause_message_es) or _(
            "So many people are signing that we have to take a short break. Please come back in a little while."
        )


@remembered(KEPT)
def switches() -> Switches:
    """The switches as they stood some seconds ago at most."""
    row = Surge.objects.first()
    names = Switches.__dataclass_fields__
    return Switches(**{name: getattr(row, name) for name in names}) if row else Switches()


@transaction.atomic
def switch(*, by: User | None, **changes: Any) -> Surge:
    """Set switches by the names of their columns. What is changed is recorded, and nothing where nothing is."""
    Surge.objects.get_or_create()
    row = Surge.objects.select_for_update().get()
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.changed_at = timezone.now()
    row.save(update_fields=[*changed, "changed_at"])
    audit.record(by=by, objects=[row], did="Switched", **changed)
    transaction.on_commit(forget)
    return row


def forget() -> None:
    """Read anew at the next question; in this process only."""
    switches.forget()
