"""Servers of our own in a process beside the tests, which write down whom they took a letter for."""

import contextlib
import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


@contextlib.contextmanager
def listening(
    folder: Path, serve: Callable[[int, str, Any], None], how: Any, port: int = 0
) -> Iterator[tuple[int, Path]]:
    """Run `serve` with a port, a log and `how` it should behave, for the length of a with block: port and log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    log = folder / f"taken-{port}"
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port, str(log), how), daemon=True)
    process.start()
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield port, log
    finally:
        process.kill()
        process.join()


def taken(log: Path) -> Counter[str]:
    """How many letters each address got: the first word of each line of a log."""
    lines = log.read_text().splitlines() if log.exists() else []
    return Counter(line.split()[0] for line in lines)
