"""Mailing: an issue through the whole outbox, from the press of Send to the last row settled, against plain senders.

A Celery worker with two processes sends, or one where that is said; beat is not needed and does not run. The floors
are in `plain_senders.py`.
"""

import json
import socket
import time
from dataclasses import dataclass

import psutil
import requests
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from csan.embedded import free_port
from csan.lib.addresses import email_key
from members.models import Issue, Message, Person, Subscription
from tests.bench.place import START_TIMEOUT, Failed, Place, answers
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory
from tests.members.sending import send_issue

PARAGRAPH = (
    "Members at the table asked for what the callers ask for, too: a person who has the time to listen, and who is "
    "still there next year. The company answered with a plan to move three more centers abroad. "
)
POSTS = 6
PATIENCE = 300  # seconds for one issue
SEND_ALL = "import django; django.setup(); from tests.bench.plain_senders import main; main()"


@dataclass(frozen=True)
class Sent:
    """One issue sent: letters a second, the seconds that freezing took of it, and what the senders used.

    `work` is their processor time in seconds for 1,000 letters, `memory` the most that one of them held, in MB.
    """

    rate: float
    freezing: float = 0.0
    work: float = 0.0
    memory: float = 0.0


@dataclass(frozen=True)
class Way:
    """How letters leave, and to what. `delay` in seconds; `share` of the readers, where all would take too long."""

    name: str
    delay: float = 0.0
    threads: int = 8
    processes: int = 2
    by_api: bool = False
    share: float = 1.0


WAYS = (
    Way("newsletter letters"),
    Way("… a relay that answers in 20 ms", delay=0.02, threads=32, share=0.5),
    Way("… one process, an API that answers in 50 ms", delay=0.05, threads=48, processes=1, by_api=True, share=0.2),
    Way("… one process, an API that answers in 200 ms", delay=0.2, threads=48, processes=1, by_api=True, share=0.1),
)


class Mailing:
    """An issue to the same people by one way, or plainly. One at a time, or workers take each other's."""

    def __init__(self, place: Place, readers: int, way: Way) -> None:
        self.place = place
        self.way = way
        self.readers = max(20, int(readers * way.share))
        self.staff = StaffFactory()
        self.posts = [PostFactory(body="\n\n".join([PARAGRAPH * 2] * 3)) for _ in range(POSTS)]
        want(self.readers)
        self.port = free_port()
        server = "tests.bench.service" if way.by_api else "tests.bench.sink"
        place.start("sink", ["-m", server, str(self.port), str(way.delay)])
        place.wait_until(lambda: answers(self.port), START_TIMEOUT, "the sink to answer")
        worker = ["-m", "celery", "--quiet", "--app", "csan", "worker", "--queues", "mail", "--concurrency"]
        options = [str(way.processes), "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        self.url = f"smtp://127.0.0.1:{self.port}"
        if way.by_api:
            self.url = f"anymail://postmark?SERVER_TOKEN=x&API_URL=http://127.0.0.1:{self.port}/"
        more = {"MAIL_THREADS": str(way.threads), "MAIL_SENDERS": str(way.processes), "ANYMAIL_WEBHOOK_SECRET": "a:b"}
        self.worker = place.start("worker", [*worker, *options], EMAIL_URL=self.url, **more)

    def close(self) -> None:
        """End its processes, so that the next way meets none of them."""
        self.place.supervisor.stop()

    def send_issue(self) -> Sent:
        """Through the outbox. Raises Failed where anybody got none or two, or a row does not say accepted."""
        self._forget()
        issue = self._draft()
        begins, worked = time.time(), self._work()
        send_issue(issue=issue, by=self.staff)
        frozen = time.time()
        self.place.wait_until(lambda: not Message.objects.open().exists(), PATIENCE, "the letters to be settled")
        letters = Message.objects.filter(issue=issue)
        accepted = letters.filter(status=Message.Status.ACCEPTED).count()
        if accepted != self.readers or letters.count() != self.readers:
            raise Failed(f"{accepted} of {letters.count()} letters accepted, {self.readers} readers")
        self._check_sink()
        settled = letters.aggregate(last=Max("settled_at"))["last"].timestamp()
        work = (self._work() - worked) / self.readers * 1000
        return Sent(self.readers / (settled - begins), frozen - begins, work, self._memory())

    def send_plainly(self, how: str) -> Sent:
        """By a floor: `django` or `smtplib`. Raises Failed where anybody got none or two."""
        self._forget()
        done = self.place.run("senders", ["-c", SEND_ALL, how], EMAIL_URL=self.url)
        self._check_sink()
        return Sent(self.readers / done["seconds"])

    def _draft(self) -> Issue:
        issue = IssueFactory()
        for post in self.posts:
            IssueItemFactory(issue=issue, post=post)
        return issue

    def _senders(self) -> list[psutil.Process]:
        return psutil.Process(self.worker.process.pid).children(recursive=True)

    def _work(self) -> float:
        return sum(each.cpu_times().user + each.cpu_times().system for each in self._senders())

    def _memory(self) -> float:
        return max((each.memory_info().rss for each in self._senders()), default=0) / 2**20

    def _check_sink(self) -> None:
        told = json.loads(self._told())
        wanted = {"letters": self.readers, "recipients": self.readers, "most": 1, "flawed": 0}
        if {name: told[name] for name in wanted} != wanted:
            raise Failed(f"the sink tells {told}, wanted {wanted}")
        if told["connections"] > self.way.threads * self.way.processes + 1:  # one is the question itself
            raise Failed(f"{told['connections']} connections at the same time")
        self.letter_size = round(told["size"] / told["letters"])

    def _told(self) -> str:
        if self.way.by_api:
            return requests.get(f"http://127.0.0.1:{self.port}/", timeout=10).text
        return self._ask_sink("COUNT")

    def _forget(self) -> None:
        if self.way.by_api:
            requests.delete(f"http://127.0.0.1:{self.port}/", timeout=10)
        else:
            self._ask_sink("FORGET")

    def _ask_sink(self, command: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as connection, connection.makefile("rwb") as talk:
            talk.readline()
            talk.write(f"{command}\r\n".encode())
            talk.flush()
            return talk.readline().decode()


def want(readers: int) -> None:
    """So many people want the newsletter from now on, and no others."""
    known = Person.objects.count()
    if readers > known:
        subscribe(range(known, readers))
    chosen = Subscription.objects.order_by("pk").values("pk")[:readers]
    now = timezone.now()
    Subscription.objects.exclude(pk__in=chosen).update(status="unsubscribed", unsubscribed_at=now)
    Subscription.objects.filter(pk__in=chosen).update(status="active", unsubscribed_at=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself where tables do not come into being at once


def subscribe(numbers: range) -> None:
    """Many people who want the newsletter, made fast."""
    addresses = [f"reader{number:06}@example.org" for number in numbers]
    people = Person.objects.bulk_create(
        [Person(email=address, email_key=email_key(address)) for address in addresses], batch_size=5000
    )
    now = timezone.now()
    Subscription.objects.bulk_create(
        [
            Subscription(person=each, status="active", wording="yes", source="/", asked_at=now, confirmed_at=now)
            for each in people
        ],
        batch_size=5000,
    )
