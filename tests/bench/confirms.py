"""Confirming: the POST of the button behind a letter's link, each token once, on signatures that wait for it."""

from pathlib import Path

from django.db import connection

from members.models import Message, Person
from petitions import signing, tallies
from petitions.models import Petition, Signature
from tests.bench.place import Failed, Place, Web
from tests.bench.rows import insert_many
from tests.bench.visitors import NUMBER, Plan, Visits

MOST = 2000  # confirms a second that there are tokens for


class Confirming:
    """Runs on the server that signs, too."""

    def __init__(self, place: Place, petition: Petition, web: Web, folder: Path) -> None:
        self.place, self.petition, self.web, self.folder = place, petition, web, folder

    def confirm(self, seconds: float, clients: int) -> Visits:
        """A run. Raises Failed where an answer has not left one signature confirmed, counted, thanked; one person."""
        path = self.folder / "tokens"
        path.write_text("\n".join(self._tokens(max(clients, int(seconds * MOST)))))
        lines = [
            f"POST /signature/{NUMBER}/confirm/ HTTP/1.1",
            f"Host: 127.0.0.1:{self.web.port}",
            f"Origin: http://127.0.0.1:{self.web.port}",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded",
            "Content-Length: 0",
        ]
        request = "\r\n".join([*lines, "", ""])
        plan = Plan(self.web.port, request, 303, ("ocation: /",), clients, seconds, values=str(path))
        before = self._rows()
        visits = self.place.visit(self.web, plan)
        added = {name: rows - before[name] for name, rows in self._rows().items()}
        if set(added.values()) != {visits.answers}:
            raise Failed(f"{visits.answers} answers, but {added}")
        return visits

    def _rows(self) -> dict[str, int]:
        return {
            "confirmed": Signature.objects.counting().count(),
            "counted": tallies.count(self.petition),
            "letters": Message.objects.filter(template="petitions/thank_you").count(),
            "people": Person.objects.count(),
        }

    def _tokens(self, number: int) -> list[str]:
        """Of signatures that wait, made fast; those of the last run are deleted."""
        Signature.objects.filter(status="pending", source="/bench/").delete()
        values = {
            "petition_id": str(self.petition.pk),
            "version_id": str(self.petition.current_version.pk),
            "email": "'waits' || md5(random()::text || n) || '@example.org'",
            "email_key": "md5(random()::text || n)",
            "given_name": "'Ada'",
            "family_name": "'Lovelace'",
            "zip_code": "'20001'",
            "state": "'DC'",
            "key": "md5('key' || random()::text || n)",
            "source": "'/bench/'",
            "asked_at": "date_trunc('milliseconds', now())",
        }
        with connection.cursor() as cursor:
            insert_many(cursor, Signature, values, source="generate_series(1, %s) AS n", parameters=[number])
        waiting = Signature.objects.filter(status="pending", source="/bench/").order_by("pk")
        return [signing.confirm_token(signature) for signature in waiting.only("pk", "asked_at")]
