"""Long work of a worker, done in parts: each part one transaction, so that whoever is killed loses one at most."""

import logging
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

logger = logging.getLogger(__name__)

AT_ONCE = 20  # jobs looked at in one round


def work_through(due: Callable[[], QuerySet[Any]], step: Callable[[int], bool], *, seconds: float) -> bool:
    """Take each due job a part further, in turn, for about `seconds`. Whether there may be more to do now.

    `step` says whether there was something to do for it.
    """
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pks = list(due().order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not any(step(pk) for pk in pks):
            return False
    return True


def attempt(pk: int, part: Callable[[int], bool], *, what: str, failed: Callable[[int, str], object]) -> bool:
    """Do one part in one transaction. Where it raises, `failed` is told the error's name, and the part counts as done.

    The error's own words stay out of the log: a database names the row that it refused, and rows are people.
    """
    try:
        with transaction.atomic():
            return part(pk)
    except Exception as error:  # whatever a part does, the job must say so and not try for ever
        trace = "".join(traceback.format_tb(error.__traceback__))
        logger.error("A part of %s %s failed (%s)\n%s", what, pk, type(error).__name__, trace)
        failed(pk, type(error).__name__)
        return True
