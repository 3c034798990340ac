"""Small facts that a process knows for some seconds."""

import time_machine

from csan.lib.remembering import Remembered, forget_all


def test_what_is_remembered_is_looked_up_again_when_its_seconds_are_over():
    looked = []
    fact = Remembered(lambda: looked.append(1) or len(looked), 3)
    with time_machine.travel("2026-01-01 12:00:00", tick=False):
        first = fact(), fact()
    with time_machine.travel("2026-01-01 12:00:02", tick=False):
        soon = fact()
    with time_machine.travel("2026-01-01 12:00:03", tick=False):
        later = fact()
    assert (first, soon, later) == ((1, 1), 1, 2)


def test_what_is_forgotten_is_looked_up_at_the_next_question():
    answers = iter(["one", "two", "three"])
    fact = Remembered(lambda: next(answers), 60)
    told = [fact()]
    fact.forget()
    told.append(fact())
    forget_all()
    told.append(fact())
    assert told == ["one", "two", "three"]
