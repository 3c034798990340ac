"""Mailing: an issue through the whole outbox, from the press of Send to the last row settled, against plain senders.

A Celery worker with two processes sends; beat is not needed and does not run. The floors are in `plain_senders.py`.
"""

import json
import socket
import time
from dataclasses import dataclass

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
    """One issue sent: letters a second, and the seconds that freezing took of it."""

    rate: float
    freezing: float = 0.0


class Mailing:
    """Runs of the three kinds, to the same sink and the same people."""

    def __init__(self, place: Place, readers: int) -> None:
        self.place = place
        self.readers = readers
        self.staff = StaffFactory()
        self.posts = [PostFactory(body="\n\n".join([PARAGRAPH * 2] * 3)) for _ in range(POSTS)]
        subscribe(readers)
        self.port = free_port()
        place.start("sink", ["-m", "tests.bench.sink", str(self.port)])
        place.wait_until(lambda: answers(self.port), START_TIMEOUT, "the sink to answer")
        worker = ["-m", "celery", "--quiet", "--app", "csan", "worker", "--queues", "mail", "--concurrency", "2"]
        options = ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        self.url = f"smtp://127.0.0.1:{self.port}"
        place.start("worker", [*worker, *options], EMAIL_URL=self.url)

    def send_issue(self) -> Sent:
        """Through the outbox. Raises Failed where anybody got none or two, or a row does not say accepted."""
        self._ask_sink("FORGET")
        issue = self._draft()
        begins = time.time()
        send_issue(issue=issue, by=self.staff)
        frozen = time.time()
        self.place.wait_until(lambda: not Message.objects.open().exists(), PATIENCE, "the letters to be settled")
        letters = Message.objects.filter(issue=issue)
        accepted = letters.filter(status=Message.Status.ACCEPTED).count()
        if accepted != self.readers or letters.count() != self.readers:
            raise Failed(f"{accepted} of {letters.count()} letters accepted, {self.readers} readers")
        self._check_sink()
        settled = letters.aggregate(last=Max("settled_at"))["last"].timestamp()
        return Sent(self.readers / (settled - begins), frozen - begins)

    def send_plainly(self, how: str) -> Sent:
        """By a floor: `django` or `smtplib`. Raises Failed where anybody got none or two."""
        self._ask_sink("FORGET")
        done = self.place.run("senders", ["-c", SEND_ALL, how], EMAIL_URL=self.url)
        self._check_sink()
        return Sent(self.readers / done["seconds"])

    def _draft(self) -> Issue:
        issue = IssueFactory()
        for post in self.posts:
            IssueItemFactory(issue=issue, post=post)
        return issue

    def _check_sink(self) -> None:
        told = json.loads(self._ask_sink("COUNT"))
        wanted = {"letters": self.readers, "recipients": self.readers, "most": 1, "flawed": 0}
        if {name: told[name] for name in wanted} != wanted:
            raise Failed(f"the sink tells {told}, wanted {wanted}")
        self.letter_size = round(told["size"] / told["letters"])

    def _ask_sink(self, command: str) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as connection, connection.makefile("rwb") as talk:
            talk.readline()
            talk.write(f"{command}\r\n".encode())
            talk.flush()
            return talk.readline().decode()


def subscribe(readers: int) -> None:
    """Many people who want the newsletter, made fast."""
    addresses = [f"reader{number:06}@example.org" for number in range(readers)]
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
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as the database does by itself where tables do not come into being at once
