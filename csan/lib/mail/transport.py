"""Handing letters over: several at the same time, each to one reader, by SMTP or by a mail service's API.

A carrier holds a handful of lanes: kept SMTP connections (`smtp.py`), or threads that each keep a connection to a
mail service (`service.py`). Whoever drives it does so from one thread, and in two steps: a letter is announced, and
once the service is `ready` for its words it is noted as begun and started. So what must be noted before words leave is
noted for all lanes at once, and a lane may know its next letter while it is still busy with one.
"""

from dataclasses import dataclass, field
from typing import Protocol

from django.core.mail import EmailMultiAlternatives

from csan.lib.mail.verdicts import Outcome


@dataclass(eq=False)
class Handing:
    """Letters handed over in one go: one, or several copies where the service itself makes each its own.

    `numbers` are the caller's names for them, `outcomes` stand in the same order once it is done.
    """

    numbers: tuple[int, ...]
    recipients: tuple[str, ...]
    words: bytes | EmailMultiAlternatives
    outcomes: list[Outcome] = field(default_factory=list)

    def all_are(self, outcome: Outcome) -> None:
        """The same became of all of them."""
        self.outcomes = [outcome] * len(self.numbers)


class Carrier(Protocol):
    """Lanes to the mail service, kept open from letter to letter."""

    takes_bytes: bool  # whether `start` wants letters as they go over the wire
    most_together: int  # copies of one rendition that may go in one handing; 1 where each goes by itself

    def open(self, letters: int) -> Outcome | None:
        """Reach the service before any of so many letters is begun. What went wrong (DOWN), or None."""
        ...

    def room(self) -> int:
        """How many handings may be announced now."""
        ...

    def announce(self, handing: Handing) -> None:
        """Get ready to hand over; nothing is delivered by it. Raises Exposed, but nothing for mail trouble."""
        ...

    def ready(self) -> list[Handing]:
        """Those announced whose words the service waits for."""
        ...

    def start(self, handing: Handing) -> None:
        """Hand over one that is ready. Never raises for mail trouble; what became of it comes out of `wait`."""
        ...

    def wait(self, seconds: float) -> list[Handing]:
        """Handings that are done, started or not. It returns as soon as anything happens, or after so many seconds."""
        ...

    def retract(self) -> None:
        """Forget what was announced and not started. Surely none of it is delivered."""
        ...

    def close(self) -> None:
        """Leave without waiting: what was answered was answered."""
        ...
