"""Round numbers to climb: 100, 250, 500, 1,000, 2,500, 5,000 … A goal in reach moves more people than a far one.

Cryder, Loewenstein and Seltman (2013), "Goal gradient in helping behavior": people help more the nearer the goal is.
"""

from collections.abc import Iterator
from itertools import count as numbers

LOWEST = 100
STEPS = (100, 250, 500)  # and again with every further nought


def steps() -> Iterator[int]:
    """Every step, the lowest first, without end."""
    return (step * 10**noughts for noughts in numbers() for step in STEPS)


def step_after(count: int) -> int:
    """The first step above a count."""
    return next(step for step in steps() if step > count)


def passed(count: int) -> list[int]:
    """The steps that a count has reached, the lowest first."""
    found: list[int] = []
    for step in steps():
        if step > count:
            return found
        found.append(step)
    raise AssertionError("the ladder has no end")


def goal_ahead_of(count: int, *, first: int | None, final: int) -> int:
    """The goal to show: above the count, and while there is a `first` one no further than the next step.

    `final` is the last goal, until it has been reached; from then on the steps go on.
    """
    if count >= final:
        return step_after(count)
    if first is None:
        return final
    return min(max(first, step_after(count)), final)
