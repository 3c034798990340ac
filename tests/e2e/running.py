"""A whole running site for the browser: the program that `make run` starts, in a folder and on a port of its own."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import psycopg2

from tests.processes import ROOT, wait_until

STOP_TIMEOUT = 20  # seconds; the program promises 15
LETTER_TIMEOUT = 60  # seconds; the bell brings a letter at once, beat within five; a busy machine takes longer
WEB_ADDRESS = re.compile(r"https?://[^\s<>]+")
# It ends with the process that started it, even when that is killed.
START = """
import signal, sys
from csan.local import main
from csan.supervisor import die_with_parent
die_with_parent(signal.SIGTERM)
sys.exit(main())
"""
# Loaded once, it forks for each piece of code: every one finds a process that is new, and none waits for a start.
SHELL = """
import gc, os, signal, sys, traceback
import django
from csan.supervisor import die_with_parent
die_with_parent(signal.SIGKILL)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csan.settings")
django.setup()
gc.freeze()
for line in sys.stdin:
    code, output, errors = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    for number, path in ((1, output), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    status = 1
    try:
        exec(compile(open(code).read(), code, "exec"), {"__name__": "__main__"})
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
"""
# What the tests of other folders set for themselves; empty, `make run` makes its own.
OF_OTHER_TESTS = ("BASE_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ALLOWED_HOSTS", "SECRET_KEY", "HASH_KEY")


@cache
def read(path: Path) -> EmailMessage:
    """A letter from its file, which never changes."""
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """PostgreSQL, Redis, the web server, a Celery worker and beat, with the sample content; letters go to files."""

    def __init__(self, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="csan-site-"))
        self.folder.chmod(0o755)  # PostgreSQL runs as another user where the tests run as root
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        place = {"DATA_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": str(port)}
        self.environment = {**os.environ, **dict.fromkeys(OF_OTHER_TESTS, ""), **place, **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self.shell: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Until its pages answer; fails with all it said where they do not."""
        with (self.folder / "output").open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START], cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )
        wait_until(lambda: self.is_ready or self.process.poll() is not None, 90, "the site to be ready")
        assert self.is_ready, self.said

    def stop(self) -> None:
        """End it politely, and leave nothing of it."""
        self._leave_shell()
        try:
            if self.process:
                self.process.terminate()
                self.process.wait(STOP_TIMEOUT)
        finally:
            if self.process and self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def said(self) -> str:
        return (self.folder / "output").read_text()

    @property
    def is_ready(self) -> bool:
        return "Letters can be read" in self.said

    @property
    def staff(self) -> tuple[str, str]:
        """E-mail and password of the staff login."""
        email, password = (self.folder / "staff.txt").read_text().split()
        return email, password

    def get(self, address: str, *, method: str = "GET") -> str:
        """What a program gets that follows a link, such as a scanner of mail."""
        with urlopen(Request(self._whole(address), method=method), timeout=10) as answer:
            return answer.read().decode()

    def status(self, address: str, **fields: str) -> int:
        """What a form that was sent is answered with, where that is not a page to go on to."""
        try:
            self.post(address, **fields)
        except HTTPError as error:
            with error:
                return error.code
        return 200

    def post(self, address: str, **fields: str) -> None:
        """A form, sent without a browser: for what a test needs and is not about."""
        urlopen(Request(self._whole(address), data=urlencode(fields).encode(), method="POST"), timeout=10).close()

    def _whole(self, address: str) -> str:
        return address if address.startswith("http") else f"{self.address}{address}"

    def count(self, slug: str) -> int:
        """The public count of a petition."""
        return int(json.loads(self.get(f"/petitions/{slug}/count.json"))["count"])

    def letters(self, to: str, subject: str = "") -> list[EmailMessage]:
        """The letters to one address whose subject has these words, oldest first."""
        letters = [read(path) for path in sorted((self.folder / "mail").glob("*.eml"))]
        return [letter for letter in letters if letter["To"] == to and subject in letter["Subject"]]

    def letter(self, to: str, subject: str = "") -> EmailMessage:
        """The newest of these letters; waits for the first one."""
        wait_until(
            lambda: bool(self.letters(to, subject)), LETTER_TIMEOUT, f"a letter “{subject}” to {to}\n{self.said}"
        )
        return self.letters(to, subject)[-1]

    def link(self, to: str, subject: str, part: str) -> str:
        """The link in the newest of these letters that has `part` in its address."""
        body = self.letter(to, subject).get_body(("plain",))
        assert body is not None
        return next(link for link in WEB_ADDRESS.findall(body.get_content()) if part in link)

    def restart(self) -> None:
        """Stop the program and start it again on the same data."""
        assert self.process
        self._leave_shell()
        self.process.terminate()
        self.process.wait(STOP_TIMEOUT)
        self.start()

    def _leave_shell(self) -> None:
        if self.shell:
            self.shell.kill()
            self.shell.communicate()
            self.shell = None

    def sql(self, statement: str) -> None:
        """Do something to the database that the program itself never does."""
        found = re.search(r"^DATABASE_URL='(.+)'$", (self.folder / "local.env").read_text(), re.MULTILINE)
        assert found
        connection = psycopg2.connect(found[1])
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def run(self, code: str) -> str:
        """Run code inside the program, as staff at a shell could; what it printed."""
        if self.shell is None or self.shell.poll() is not None:
            self.shell = subprocess.Popen(
                [sys.executable, "-c", SHELL],
                cwd=ROOT, env=self.settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        assert self.shell.stdin
        assert self.shell.stdout
        paths = [self.folder / f"shell.{name}" for name in ("py", "out", "err")]
        paths[0].write_text(code)
        self.shell.stdin.write("\t".join(map(str, paths)) + "\n")
        self.shell.stdin.flush()
        status = self.shell.stdout.readline().strip()
        assert status == "0", paths[2].read_text()
        return paths[1].read_text()

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a command beside the program: `local.env` in the folder says the rest."""
        return {name: value for name, value in self.environment.items() if value or name not in OF_OTHER_TESTS}
