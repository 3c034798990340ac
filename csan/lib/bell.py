"""The bell: "there is work in the database, look". Losing it loses nothing, ringing it twice does nothing twice.

A bell is debounced: after a ring it stays silent until the task it called has begun to look (`answered`), or
until `PATIENCE` has passed, because the task may have been lost on its way. Beat rings every bell anyway.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from csan.lib.redis import attempt

logger = logging.getLogger(__name__)

PATIENCE = 30  # seconds


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
    transaction.on_commit(partial(ring, task))


def answered(task: str, slot: int = 0) -> None:
    """To be said by the task before it looks: from here on a new ring calls it again."""
    attempt(lambda redis: redis.delete(_key(task, slot)))


def _key(name: str, slot: int) -> str:
    return f"csan:bell:{name}:{slot}"
