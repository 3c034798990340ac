"""How the web server runs, in production and in `make run` alike; read by `gunicorn --config`.

Threads, because one that waits for a slow client costs little; the proxy in front takes slow bodies upon itself.
On the sign path the CPU is the application's: no server measured was more than the noise apart from this one.
"""

import os
from pathlib import Path

wsgi_app = "csan.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "gthread"  # persistent connections of browsers and proxies cost a thread only while they ask
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # loaded once, shared by all workers
timeout = 30  # seconds without a sign of life after which a worker is replaced
graceful_timeout = 5  # seconds that a request under way may still take at the end
keepalive = 5
loglevel = "warning"
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - the workers' sign of life must not wait for a slow disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108
