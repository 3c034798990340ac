"""The measuring program: prepares the database, runs the rounds in turn, shows the table, writes the file."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management import call_command

from csan.supervisor import Stopped, Supervisor
from petitions.models import Petition
from tests.bench.arguments import Arguments, read_arguments
from tests.bench.chaos import measure_chaos
from tests.bench.figures import Line, Series, machine, table
from tests.bench.letters import WAYS, Mailing, Sent
from tests.bench.million import measure_million
from tests.bench.place import Failed, Place
from tests.bench.requests import Requests, beside_five_million, measure_five_million
from tests.bench.rounds import alternate
from tests.bench.week import measure_week
from tests.petitions.factories import MeasureFactory, PetitionFactory, TallyFactory

SIGNED = 12_345
TEXT = "\n\n".join(
    ["When you call, you should be **told where** your call is answered, and be able to ask for home."] * 8
)


def prepare() -> Petition:
    """Tables, static files, and a petition as it looks in the middle of a campaign."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    petition: Petition = PetitionFactory(slug="save-call-center-jobs", version__text=TEXT)
    petition.measures.add(MeasureFactory(), MeasureFactory(kind="s", number=515))
    TallyFactory(petition=petition, count=SIGNED)
    return petition


def chaos_petition() -> Petition:
    """One that nobody has signed yet."""
    petition: Petition = PetitionFactory(slug="in-a-storm", version__text=TEXT)
    return petition


def measure_letters(place: Place, arguments: Arguments) -> tuple[list[Line], dict[str, Any]]:
    """Letters through the outbox by each way, the first beside its floors, and what else is known of them."""
    lines: list[Line] = []
    more: dict[str, Any] = {"readers": arguments.readers}
    for way in WAYS:
        mailing = Mailing(place, arguments.readers, way)
        mailing.send_issue()  # does not count
        floors: dict[str, Callable[[], Sent]] = {}
        if way is WAYS[0]:
            floors = {
                "Django's SMTP backend": lambda mailing=mailing: mailing.send_plainly("django"),
                "smtplib, prebuilt bytes": lambda mailing=mailing: mailing.send_plainly("smtplib"),
            }
        runs = alternate({way.name: mailing.send_issue, **floors}, arguments.rounds)
        mailing.close()
        rates = {name: Series([sent.rate for sent in each]) for name, each in runs.items()}
        ours = rates.pop(way.name)
        sent: list[Sent] = runs[way.name]
        senders = Series([each.work for each in sent])
        ratios = [(name, ours.over(floor)) for name, floor in rates.items()]
        lines += [Line(way.name, ours, senders=senders, ratios=ratios), *(Line(*each) for each in rates.items())]
        more[way.name] = {
            "readers": mailing.readers,
            "bytes_a_letter": mailing.letter_size,
            "freezing_s": Series([each.freezing for each in sent]).as_json(),
            "most_memory_of_a_sender_mb": Series([each.memory for each in sent]).as_json(),
        }
    return lines, more


def measure(place: Place, arguments: Arguments) -> dict[str, Any]:
    """Everything asked for: shown, and given back for the file. Raises Failed, Stopped."""
    petition = prepare()
    told: dict[str, Any] = {"machine": machine(), "arguments": {**asdict(arguments), "file": str(arguments.file)}}
    print(", ".join(f"{name} {value}" for name, value in told["machine"].items()))
    print(
        f"{arguments.rounds} rounds of {arguments.seconds:g} s, {arguments.readers} readers, "
        "medians (lowest–highest), no Celery worker beside the requests\n"
    )
    lines: list[Line] = []
    if "letters" in arguments.only:  # first: those that signing writes are never sent here
        lines, told["letters"] = measure_letters(place, arguments)
        place.supervisor.stop()
    if {"signs", "confirms", "pages", "nginx", "five-million"} & set(arguments.only):
        requests = Requests(place, petition, arguments)
        more = beside_five_million(arguments.only) if "five-million" in arguments.only else []
        lines = requests.measure({*arguments.only, *more}) + lines
        if "five-million" in arguments.only:
            told["five_million"] = measure_five_million(requests, lines)
        place.supervisor.stop()
    if lines:
        print(table(lines))
    if "chaos" in arguments.only:
        told["chaos"] = measure_chaos(place, chaos_petition(), settings.DATA_DIR / "chaos", arguments.signers)
        place.supervisor.stop()
    if "week" in arguments.only:
        told["week"] = measure_week(arguments.places)
    if "million" in arguments.only:  # last: nobody else should have a million people beside them
        told["million"] = measure_million(place.supervisor, arguments.million)
    return {**told, "figures": {line.name: line.as_json() for line in lines}}


def main() -> int:
    """The exit status: 0 when every check held."""
    arguments = read_arguments()
    supervisor = Supervisor()
    supervisor.listen()
    try:
        told = measure(Place(supervisor), arguments)
        arguments.file.write_text(json.dumps(told, indent=2) + "\n")
    except Stopped:
        return 1
    except Failed as error:
        print(f"\nThis measurement counts for nothing: {error}", file=sys.stderr)
        return 1
    finally:
        supervisor.stop()
    return 0
