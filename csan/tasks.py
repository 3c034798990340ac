"""The project's own task: the worker says that it is alive."""

import time

from celery import shared_task

from csan.lib.redis import attempt

ALIVE_KEY = "csan:worker-seen"
ALIVE_FOR = 60  # seconds after which a silent worker counts as gone


@shared_task
def beat() -> None:
    """Work moves: beat has sent this, and a worker has run it."""
    attempt(lambda redis: redis.set(ALIVE_KEY, str(time.time()), ex=ALIVE_FOR))
