"""Letters as files, one `.eml` each: how a local run shows what it would have sent."""

import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each letter to `EMAIL_FILE_PATH`, under a name that sorts by time, and whole: written, then renamed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many letters were written. Raises OSError where the folder cannot be written to."""
        folder = Path(str(settings.EMAIL_FILE_PATH))  # type: ignore[misc]  # set only where mail goes to files
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns()}-{secrets.token_hex(4)}"
            draft = folder / f".{name}.part"
            draft.write_bytes(message.message().as_bytes())
            os.replace(draft, folder / f"{name}.eml")
        return len(email_messages)
