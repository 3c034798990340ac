"""A pytest plugin, loaded before Django: real PostgreSQL and Redis for the run, and the environment of the tests.

The controlling process starts the servers; the workers of pytest-xdist inherit their addresses. Each worker has a
database of its own (pytest-django sees to it) and a Redis database of its own (here).
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from csan.embedded import start_servers

ROOT = Path(__file__).resolve().parent.parent

SETTINGS = {
    "LOCAL": "true",
    "SECRET_KEY": "tests only: not a secret, but long enough to be one",
    "HASH_KEY": "tests only: not a secret either, and as long as that",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BASE_URL": "http://testserver",
    "TRUSTED_PROXY_COUNT": "0",
    "POSTAL_ADDRESS": "1 Test Plaza, Washington, DC 20001",
    "BUDGET_FACTOR": "1",
    "LOG_LEVEL": "WARNING",
}


def _start() -> Any:
    folder = Path(tempfile.mkdtemp(prefix="csan-tests-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
    os.environ["CSAN_TEST_DIR"] = str(folder)
    servers = start_servers(folder, durable=False)
    os.environ.update(servers.environment)
    return servers


def pytest_unconfigure(config: Any) -> None:
    """The end of the run: stop what this process started."""
    if servers := globals().get("SERVERS"):
        servers.stop()
        shutil.rmtree(os.environ["CSAN_TEST_DIR"], ignore_errors=True)


WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if not WORKER:
    SERVERS = _start()
number = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0
FOLDER = Path(os.environ["CSAN_TEST_DIR"]) / (WORKER or "main")
FOLDER.mkdir(exist_ok=True)
(FOLDER / "static").mkdir(exist_ok=True)
os.environ.update(SETTINGS)
os.environ["DATA_DIR"] = str(FOLDER)
os.environ["EMAIL_URL"] = f"filemail://{FOLDER}/mail"
os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"
