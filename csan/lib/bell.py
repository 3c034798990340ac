"""The bell: "there is work in the database, look". Losing it loses nothing, ringing it twice does nothing twice.

A bell is debounced: after a ring it stays silent until the task it called has begun to look (`answered`), or
until `PATIENCE` has passed, because the task may have been lost on its way. Beat rings every bell anyway.
A crowd rings once: of what a process has to ring for within `REST`, the last is rung for when it is over, so that
nobody in it waits for Redis.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from threading import Lock, Timer

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from csan.lib.redis import attempt

logger = logging.getLogger(__name__)

PATIENCE = 30  # seconds
REST = 0.05  # seconds between two rings of one bell by one process, after a commit

_lock = Lock()
_rung_at: dict[str, float] = {}
_late: dict[str, Timer] = {}


def ring(task: str, slot: int = 0) -> None:
    """Call the named task unless the same call is already on its way. Never raises for a lost Redis.

    `slot` tells apart calls that may run beside each other; the task gets it as an argument.
    """
    if not attempt(lambda redis: redis.set(_key(task, slot), "1", nx=True, ex=PATIENCE)):
        return
    try:
        current_app.send_task(task, kwargs={"slot": slot}, retry=False, expires=PATIENCE * 10)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Could not ring for %s (%s); beat will", task, type(error).__name__)
        answered(task, slot)


def ring_on_commit(task: str) -> None:
    """Ring when the transaction at hand has been committed, and not at all if it is rolled back."""
    transaction.on_commit(partial(_ring_or_rest, task))


def _ring_or_rest(task: str) -> None:
    """Ring at once, or when the rest is over. Where the process ends in it nothing is lost: beat rings."""
    now = time.monotonic()
    with _lock:
        rest = _rung_at.get(task, now - REST) + REST - now
        if rest <= 0:
            _rung_at[task] = now
        elif task not in _late:
            _late[task] = timer = Timer(rest, _ring_late, [task])
            timer.daemon = True
            timer.start()
    if rest <= 0:
        ring(task)


def _ring_late(task: str) -> None:
    with _lock:
        _late.pop(task, None)
        _rung_at[task] = time.monotonic()
    ring(task)


def forget_rings() -> None:
    """As a process that has just begun."""
    with _lock:
        for timer in _late.values():
            timer.cancel()
        _late.clear()
        _rung_at.clear()


def answered(task: str, slot: int = 0) -> None:
    """To be said by the task before it looks: from here on a new ring calls it again."""
    attempt(lambda redis: redis.delete(_key(task, slot)))


def take_turn(task: str, slot: int, work: Callable[[], object]) -> None:
    """What a bell's task does: work for one turn, and call for another where `work` says that there is more."""
    answered(task, slot)
    if work():
        ring(task, slot)


def _key(name: str, slot: int) -> str:
    return f"csan:bell:{name}:{slot}"
