"""The nginx of deploy/, on a port of this machine: the same configuration but for paths, ports and TLS."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from csan.embedded import end, free_port
from csan.supervisor import tied_to_this_process

CONFIGURATION = Path(__file__).resolve().parent.parent / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
SECURE_LINES = re.compile(r"^\s*ssl_\w+ .*\n", re.MULTILINE)


def adapted(folder: Path, *, port: int, upstream: int) -> str:
    """The configuration for an nginx that keeps everything in `folder`, listens on `port` and asks `upstream`.

    Its limits stay, but for those of one address: one machine plays all the visitors.
    """
    words = SECURE_LINES.sub("", CONFIGURATION.read_text())
    changes = {
        "user www-data;\n": f"daemon off;\n{'user root;' if os.geteuid() == 0 else ''}\n",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "/var/cache/nginx/csan": f"{folder}/cache",
        "listen 80 default_server": f"listen 127.0.0.1:{port} default_server",
        "server_name _": "server_name nobody.example",
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        "server_name csan.example.org": "server_name 127.0.0.1",
        "server 127.0.0.1:8000": f"server 127.0.0.1:{upstream}",
        "rate=20r/s": "rate=100000r/s",
        "limit_conn visitors 256": "limit_conn visitors 10000",
        "http {\n": "http {\n" + "".join(f"    {name}_temp_path {folder}/{name};\n" for name in TEMPORARY),
    }
    for ours, theirs in changes.items():
        assert words.count(ours) >= 1, ours
        words = words.replace(ours, theirs)
    return words


def command(folder: Path, *, port: int, upstream: int) -> list[str]:
    """What starts it; its configuration is written."""
    path = folder / "nginx.conf"
    path.write_text(adapted(folder, port=port, upstream=upstream))
    return [str(NGINX), "-c", str(path), "-e", str(folder / "error.log"), "-p", str(folder)]


@contextmanager
def nginx(folder: Path, *, upstream: int) -> Iterator[int]:
    """At work while the block lasts; its port."""
    port = free_port()
    process = subprocess.Popen(command(folder, port=port, upstream=upstream), preexec_fn=tied_to_this_process())
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield port
    finally:
        end(process, signal.SIGTERM)
