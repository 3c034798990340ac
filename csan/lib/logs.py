"""Logs without private keys: who reads a log must not be able to open somebody's page."""

import logging
import re

KEY_IN_PATH = re.compile(r"(/(?:preferences|unsubscribe|confirm|signature|registration|yours)/)[^/\s\"']{6,}")


class MaskKeys(logging.Filter):
    """Puts a sign in the place of the key in every address that a line speaks of."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = KEY_IN_PATH.sub(r"\1…", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
