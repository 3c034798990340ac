"""What staff do can be seen: each act, also one on many rows, is written to the admin's log."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def record(*, by: User | None, objects: Iterable[Model], did: str, **details: Any) -> None:
    """Log that `by` did something to each of the objects. Acts of visitors (`by` is None) are not staff's.

    `details` go into the entry behind the sentence. Call it in the transaction of the act itself.
    """
    rows = list(objects)
    if by is None or not rows:
        return
    message = f"{did} ({', '.join(f'{key}: {value}' for key, value in details.items())})" if details else did
    LogEntry.objects.log_actions(user_id=by.pk, queryset=rows, action_flag=CHANGE, change_message=message)


def forget(objects: Iterable[Model]) -> None:
    """Take the names of rows that are being erased out of the log. That something was done to them stays."""
    kinds: dict[ContentType, list[str]] = {}
    for row in objects:
        kinds.setdefault(ContentType.objects.get_for_model(row), []).append(str(row.pk))
    for kind, pks in kinds.items():
        LogEntry.objects.filter(content_type=kind, object_id__in=pks).update(object_repr="erased")
