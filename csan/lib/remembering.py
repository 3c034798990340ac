"""What is looked up in the database every few seconds at most, and known to this process in between.

For small facts that every request asks for. Django's cache would give each a copy of its own, which takes longer than
what is done with it; here all get the same object, so nobody may change it.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_all: "list[Remembered[object]]" = []


class Remembered(Generic[T]):
    """A function without arguments, whose answer stands for so many seconds."""

    def __init__(self, look_up: Callable[[], T], seconds: float) -> None:
        self.look_up, self.seconds = look_up, seconds
        self._answer: tuple[float, T] | None = None  # in one piece, because threads read it while another sets it
        _all.append(self)  # type: ignore[arg-type]  # to be forgotten, whatever it is

    def __call__(self) -> T:
        now, answer = time.time(), self._answer
        if answer is None or now >= answer[0]:
            self._answer = answer = now + self.seconds, self.look_up()
        return answer[1]

    def forget(self) -> None:
        """Look at the next question; in this process only."""
        self._answer = None


def remembered(seconds: float) -> Callable[[Callable[[], T]], Remembered[T]]:
    """For a function without arguments."""
    return lambda look_up: Remembered(look_up, seconds)


def forget_all() -> None:
    """As a process that has just begun."""
    for each in _all:
        each.forget()
