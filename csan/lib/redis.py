"""One Redis client a process, and the rule that Redis may be lost at any moment.

`attempt` runs a command and gives None instead of an error. After a failure it does not ask again for a few
seconds, so that a dead Redis costs a page one time-out and not one a request.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import cache
from hashlib import sha1
from typing import Any, TypeVar

import redis
from django.conf import settings

logger = logging.getLogger(__name__)
T = TypeVar("T")

_own = threading.local()
os.register_at_fork(after_in_child=lambda: _own.__dict__.clear())  # else two processes would talk on one connection
REST = 3.0  # seconds without a try after a failure
_resting_until = 0.0


@cache
def client() -> redis.Redis:
    """The process's client, with short time-outs (`REDIS_TIMEOUT`, in seconds)."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        decode_responses=True,
    )


def attempt(command: Callable[[redis.Redis], T]) -> T | None:
    """What `command(client)` returns, or None where Redis cannot be reached."""
    global _resting_until
    if time.monotonic() < _resting_until:
        return None
    try:
        return command(client())
    except redis.RedisError as error:
        _resting_until = time.monotonic() + REST
        logger.warning("Redis cannot be reached (%s); going on without it", type(error).__name__)
        return None


def run_script(client: redis.Redis, script: str, keys: list[str], arguments: list[str]) -> list[int]:
    """What a Lua script answers. It is named by its hash; a Redis that does not know it yet is told.

    The thread asks on a connection of its own, without the client around it, whose bookkeeping costs three times what
    the command does. One that was closed while it rested is opened anew, once, as the client would.
    """
    if getattr(_own, "client", None) is not client:
        _own.client, _own.connection = client, client.connection_pool.make_connection()
    try:
        return _ask(_own.connection, script, keys, arguments)
    except redis.ConnectionError:
        return _ask(_own.connection, script, keys, arguments)


def _ask(connection: Any, script: str, keys: list[str], arguments: list[str]) -> list[int]:
    try:
        connection.send_command("EVALSHA", _hash_of(script), len(keys), *keys, *arguments)
        return list(connection.read_response())
    except redis.exceptions.NoScriptError:
        connection.send_command("EVAL", script, len(keys), *keys, *arguments)
        return list(connection.read_response())


@cache
def _hash_of(script: str) -> str:
    return sha1(script.encode(), usedforsecurity=False).hexdigest()


def forget_failures() -> None:
    """Ask again at once, as after a restart."""
    global _resting_until
    _resting_until = 0.0
