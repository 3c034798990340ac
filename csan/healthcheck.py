"""For containers: `python -m csan.healthcheck web` or `beat`; exit status 0 when the process beside it is well."""

import http.client
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

SILENCE = 600  # seconds; beat writes its schedule every three minutes


def web_is_well() -> bool:
    """The web server answers; asked by the name that it serves, since it refuses any other."""
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
        connection.request("GET", "/healthz", headers={"Host": urlsplit(os.environ["BASE_URL"]).netloc})
        return connection.getresponse().status == 200
    return False


def beat_is_well() -> bool:
    """Beat has written its schedule lately."""
    files = Path(os.environ["DATA_DIR"]).rglob("celerybeat-schedule*")
    return any(time.time() - file.stat().st_mtime < SILENCE for file in files)


CHECKS = {"web": web_is_well, "beat": beat_is_well}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
