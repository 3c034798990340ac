"""The storm of `tests/storm.py` at full size, with a mail server that takes the letters; a report of what was seen."""

import json
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count

from csan.embedded import free_port
from members.models import Message
from petitions.models import Petition
from tests.bench.place import START_TIMEOUT, Failed, Place, answers
from tests.storm import Storm

PAUSE = 2.0  # seconds between two kills
PATIENCE = 600  # seconds for the letters, which left while their senders were killed


def measure_chaos(place: Place, petition: Petition, folder: Path, signers: int) -> dict[str, Any]:
    """The report; shown, too. Raises Failed where anything was lost, told twice or counted wrong."""
    folder.mkdir()
    port = free_port()
    place.start("sink", ["-m", "tests.bench.sink", str(port)])
    place.wait_until(lambda: answers(port), START_TIMEOUT, "the sink to answer")
    storm = Storm(folder, petition, signers=signers, EMAIL_URL=f"smtp://127.0.0.1:{port}", MAIL_LEASE="10")
    try:
        seen = storm.rage(pause=PAUSE)
        place.wait_until(lambda: not Message.objects.open().exists(), PATIENCE, "the letters to be settled")
    finally:
        storm.stop()
    seen["mail_server"] = told_by(port)
    by_status = Message.objects.filter(template__startswith="petitions/").values_list("status")
    seen["letters_by_status"] = dict(by_status.annotate(count=Count("pk")))
    for name, value in seen.items():
        print(f"{name}: {value}")
    if complaints := complaints_about(seen):
        raise Failed(f"chaos: {'; '.join(complaints)}")
    return seen


def complaints_about(seen: dict[str, Any]) -> list[str]:
    """What should have been otherwise."""
    rows, signers, taken = seen["rows"], seen["signers"], seen["mail_server"]
    accepted, doubtful = (seen["letters_by_status"].get(name, 0) for name in ("accepted", "uncertain"))
    # By design (`outbox.settling.doubt`): a letter that somebody waits for is sent once more, as the same letter.
    in_hand = seen["killed"]["Celery worker"] * settings.MAIL_THREADS * settings.MAIL_SENDERS
    right = {
        "every sign was accepted": seen["signs"]["accepted"] == signers + len(range(0, signers, 10)),
        "every confirm was accepted": seen["confirms"]["accepted"] == (signers - 7) + (signers - 7) // 10,
        "one signature a mailbox": rows["signatures"] == rows["mailboxes"] == signers,
        "everybody who confirmed is counted": rows["confirmed"] == rows["counted"] == signers - 7,
        "no tally has drifted": seen["drift"] == [],
        "the count was exact before the drain": seen["counted_before_the_drain"] == signers - 7,
        "every signature has its letter": rows["signatures_without_letter"] == rows["confirmed_without_thanks"] == 0,
        "no letter was written twice": rows["letters_twice"] == 0,
        "only what a killed sender had in hand went twice": accepted
        <= taken["letters"]
        <= accepted + doubtful + in_hand,
        "every letter is accounted for": accepted + doubtful == sum(rows["letters"].values()),
    }
    return [f"not so: {what}" for what, is_so in right.items() if not is_so]


def told_by(port: int) -> dict[str, Any]:
    """What the mail server took."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rwb") as talk:
        talk.readline()
        talk.write(b"COUNT\r\n")
        talk.flush()
        told = json.loads(talk.readline())
    return {name: told[name] for name in ("letters", "recipients", "most")}
