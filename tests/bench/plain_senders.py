"""What the outbox is measured against: two processes that send the same letters and keep no account of them.

`django` builds each message and hands it to Django's SMTP backend, over one connection that stays open; `smtplib`
sends bytes that were built before the clock started. Who dies in the middle here has mailed some people twice, or
never.
"""

import json
import multiprocessing
import smtplib
import sys
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier

from django.conf import settings
from django.core import mail
from django.db import connection

from members.models import Rendition, Subscription
from members.outbox.renditions import generic_letter, skeleton_of

PROCESSES = 2
SENDER = "action@127.0.0.1"


def reference(number: int) -> str:
    """As long as ours are."""
    return f"{number}.0123456789ab"


def emails(rendition: Rendition, readers: list[tuple[str, str]]) -> Iterator[mail.EmailMultiAlternatives]:
    """Each reader's letter, built when it is asked for; the same words and headers as the outbox sends."""
    general = generic_letter(rendition)
    for number, (to, key) in enumerate(readers):

        def mine(words: str, key: str = key) -> str:
            return words.replace("CSANholekeyEND", key)

        yield mail.EmailMultiAlternatives(
            subject=general.subject,
            body=mine(general.text),
            to=[to],
            headers={
                "Message-ID": f"<{reference(number)}@{settings.MAIL_DOMAIN}>",
                **{name: mine(value) for name, value in general.headers.items()},
            },
            alternatives=[(mine(general.html), "text/html")],
        )


def send_by_django(rendition: Rendition, readers: list[tuple[str, str]], gate: Barrier) -> None:
    """Build, send, build, send."""
    gate.wait()
    with mail.get_connection() as server:
        for email in emails(rendition, readers):
            server.send_messages([email])


def send_by_smtplib(rendition: Rendition, readers: list[tuple[str, str]], gate: Barrier) -> None:
    """Send what lies ready."""
    skeleton = skeleton_of(rendition.pk)
    ready = [
        (to, skeleton.fill(to=to, reference=reference(number), values={"key": key}))
        for number, (to, key) in enumerate(readers)
    ]
    connection.close()
    gate.wait()
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for to, words in ready:
            server.sendmail(SENDER, [to], words)


def main() -> None:
    """Send the last issue to everybody; seconds from the start of both processes to the end of the later one."""
    send = {"django": send_by_django, "smtplib": send_by_smtplib}[sys.argv[1]]
    rendition = Rendition.objects.filter(language="en").latest("pk")
    readers = list(Subscription.objects.active().order_by("pk").values_list("person__email", "key"))
    connection.close()  # the processes must not share it
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(PROCESSES + 1)
    processes = [
        context.Process(target=send, args=(rendition, readers[each::PROCESSES], gate), daemon=True)
        for each in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    gate.wait(60)
    begins = time.time()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise SystemExit("a sender failed")
    print(json.dumps({"seconds": time.time() - begins, "began_at": begins}))
