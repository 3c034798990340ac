"""Start a PostgreSQL and a Redis that nobody else uses, let the measuring program run on them, stop everything.

Servers that the environment names are left alone: a benchmark fills tables with people who do not exist.
"""

import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from csan.embedded import CannotStart, Postgres, Redis, end
from csan.supervisor import Stopped, Supervisor, tied_to_this_process
from tests.bench.arguments import read_arguments
from tests.bench.place import ROOT, environment

MEASURE = "import django; django.setup(); from tests.bench.measuring import main; raise SystemExit(main())"


def measure(folder: Path, figures: Path, supervisor: Supervisor) -> int:
    """The measuring program's exit status. Raises CannotStart, Stopped."""
    postgres, redis = Postgres(folder / "postgres"), Redis(folder / "redis")
    process: subprocess.Popen[bytes] | None = None
    try:
        addresses = {
            "DATABASE_URL": postgres.start(durable=True, wait=supervisor.check),
            "REDIS_URL": redis.start(wait=supervisor.check),
        }
        process = subprocess.Popen(
            [sys.executable, "-c", MEASURE, *sys.argv[1:], "--file", str(figures)],
            cwd=ROOT,
            env=environment(folder, **addresses),
            preexec_fn=tied_to_this_process(),
        )
        while process.poll() is None:
            supervisor.check()
            time.sleep(0.1)
        return process.returncode
    finally:
        if process:
            end(process, signal.SIGTERM)
        redis.stop()
        postgres.stop()


def main() -> int:
    """The exit status: 0 when everything was measured and every check held."""
    figures = read_arguments().file
    figures.parent.mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor()
    supervisor.listen()
    # On the disk where real data would lie: a temporary folder may be in memory, where flushing costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=figures.parent) as folder:
        try:
            return measure(Path(folder), figures, supervisor)
        except CannotStart as error:
            print(f"Cannot start. {error}", file=sys.stderr)
        except Stopped:
            print("Stopped", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
