"""The measuring program: prepares the database, runs the rounds in turn, shows the table, writes the file."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.core.management import call_command

from csan.supervisor import Stopped, Supervisor
from petitions.models import Petition
from tests.bench.arguments import Arguments, read_arguments
from tests.bench.figures import Line, Series, machine, table
from tests.bench.letters import WAYS, Mailing, Sent
from tests.bench.million import measure_million
from tests.bench.pages import Reading
from tests.bench.place import Failed, Place
from tests.bench.signs import Signing
from tests.bench.visitors import Visits
from tests.petitions.factories import MeasureFactory, PetitionFactory, TallyFactory

WARM_UP = 1.0  # seconds of each kind of request that do not count
SIGNED = 12_345
TEXT = "\n\n".join(
    ["When you call, you should be **told where** your call is answered, and be able to ask for home."] * 8
)

Runs = dict[str, list[Any]]


def prepare() -> Petition:
    """Tables, static files, and a petition as it looks in the middle of a campaign."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    petition: Petition = PetitionFactory(slug="save-call-center-jobs", version__text=TEXT)
    petition.measures.add(MeasureFactory(), MeasureFactory(kind="s", number=515))
    TallyFactory(petition=petition, count=SIGNED)
    return petition


def alternate(kinds: dict[str, Callable[[], Any]], rounds: int) -> Runs:
    """A B A B …: each kind once a round, so that all of them meet the machine's good and bad moments."""
    runs: Runs = {name: [] for name in kinds}
    for number in range(rounds):
        for name, run in kinds.items():
            tell(f"round {number + 1} of {rounds}: {name}")
            runs[name].append(run())
    tell("")
    return runs


def tell(what: str) -> None:
    """What is going on, for somebody who watches; one line that is written over and over."""
    if sys.stderr.isatty():
        print(f"\r{what:<60}\r", end="", file=sys.stderr, flush=True)


def visits_line(name: str, visits: list[Visits], floor: tuple[str, list[Visits]] | None = None) -> Line:
    """A line of requests."""
    parts = {part: Series([getattr(run, part) for run in visits]) for part in ("rate", "p50", "p99", "work", "load")}
    ratios = [(floor[0], parts["rate"].over(Series([run.rate for run in floor[1]])))] if floor else []
    return Line(name, **parts, ratios=ratios)


def measure_requests(place: Place, petition: Petition, arguments: Arguments) -> list[Line]:
    """Signs with their floor, and pages."""
    signing = Signing(place, petition.slug, arguments.clients)
    reading = Reading(place, petition, signing.web, signing.floor_web, arguments.clients)
    kinds: dict[str, Callable[[float], Visits]] = {}
    if "signs" in arguments.only:
        kinds |= {"bare INSERT": signing.insert, "signs": signing.sign}
    if "pages" in arguments.only:
        kinds |= {"petition pages": reading.read, "counts": reading.count, "hello": reading.hello}
    for run in kinds.values():
        run(min(WARM_UP, arguments.seconds))
    runs = alternate({name: lambda run=run: run(arguments.seconds) for name, run in kinds.items()}, arguments.rounds)
    lines = []
    if "signs" in runs:
        floor = "bare INSERT", runs["bare INSERT"]
        lines += [visits_line("signs", runs["signs"], floor), visits_line(*floor)]
    if "petition pages" in runs:
        floor = "hello", runs["hello"]
        lines += [visits_line(name, runs[name], floor) for name in ("petition pages", "counts")]
        lines.append(visits_line(*floor))
    return lines


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
        f"{arguments.rounds} rounds of {arguments.seconds:g} s with {arguments.clients} clients, "
        f"{arguments.readers} readers; medians (lowest–highest); no Celery worker beside the requests\n"
    )
    lines: list[Line] = []
    if "letters" in arguments.only:  # first: those that signing writes are never sent here
        lines, told["letters"] = measure_letters(place, arguments)
        place.supervisor.stop()
    if {"signs", "pages"} & set(arguments.only):
        lines = measure_requests(place, petition, arguments) + lines
    if lines:
        print(table(lines))
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
