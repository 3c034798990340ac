"""A real web server for tests, on a port of its own, that behaves well or badly as its path says."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

CERTIFICATE = Path(__file__).parent / "self_signed.pem"  # and its key, which opens nothing


class Handler(BaseHTTPRequestHandler):
    """`/status/404`, `/head/405` (GET is fine), `/to/<address>`, `/round`, `/slow`, `/drip`, `/endless`, `/reset`."""

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        server: WebServer = self.server
        server.note(self.command, self.path, self.headers.get("User-Agent", ""))
        _, what, *rest = self.path.split("/", 2)
        with suppress(ConnectionError):
            getattr(self, f"answer_{what or 'fine'}")(rest[0] if rest else "")

    def answer_fine(self, rest: str) -> None:
        self.reply(200)

    def answer_status(self, code: str) -> None:
        self.reply(int(code))

    def answer_head(self, code: str) -> None:
        self.reply(int(code) if self.command == "HEAD" else 200)

    def answer_silenthead(self, rest: str) -> None:
        if self.command == "HEAD":
            self.server.wait()
        self.reply(200)

    def answer_to(self, address: str) -> None:
        self.reply(302, Location=unquote(address))

    def answer_round(self, rest: str) -> None:
        self.reply(302, Location="/round")

    def answer_slow(self, rest: str) -> None:
        self.server.wait()

    def answer_busy(self, seconds: str) -> None:
        time.sleep(float(seconds))
        self.reply(200)

    def answer_drip(self, rest: str) -> None:
        """A header that never ends, a byte at a time: no single wait is long."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.server.stopping.wait(0.05):
            self.wfile.write(b"x")
            self.wfile.flush()

    def answer_endless(self, rest: str) -> None:
        if self.command == "HEAD":
            return self.reply(405)
        self.send_response(200)
        self.end_headers()
        while not self.server.stopping.is_set():
            self.wfile.write(b"x" * 65536)
        return None

    def answer_reset(self, rest: str) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()

    def reply(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing; tests read `asked`."""


class WebServer(ThreadingHTTPServer):
    """`asked` is what was asked for, in order: method, path, and who asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        self.stopping = threading.Event()
        self.lock = threading.Lock()

    def note(self, method: str, path: str, agent: str) -> None:
        self.asked.append((method, path, agent))

    def wait(self) -> None:
        self.stopping.wait(30)

    def process_request_thread(self, request: object, client_address: object) -> None:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.lock:
                self.at_once -= 1

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up on an endless answer is right to."""

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str, scheme: str = "http") -> str:
        return f"{scheme}://{self.place}{path}"


@contextmanager
def web_server(*, secure: bool = False) -> Iterator[WebServer]:
    """A server while the block lasts; a secure one has a certificate that nobody vouches for."""
    server = WebServer()
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
