"""Reading: the petition's page with its text, count and form, and its count for programs, with no cache in front."""

from petitions.models import Petition
from tests.bench.place import Place, Web
from tests.bench.visitors import Plan, Visits


class Reading:
    """Runs on the servers that sign, too."""

    def __init__(self, place: Place, petition: Petition, web: Web, floor_web: Web, clients: int) -> None:
        self.place = place
        self.clients = clients
        self.web, self.floor_web = web, floor_web
        self.page = f"/petitions/{petition.slug}/"
        count = Petition.objects.counted().get(pk=petition.pk).signers
        self.counted = (f'"count": {count},', '"counted_at": ')
        self.expected = (
            petition.current_version.title,
            f'<strong class="count__number" data-count>{count:,}</strong>',
            f'action="/petitions/{petition.slug}/sign/"',
            "</html>",
        )

    def read(self, seconds: float) -> Visits:
        """A run. Every page must carry the title, the count, the form and its own end."""
        return self._visit(self.web, self.page, self.expected, seconds)

    def count(self, seconds: float) -> Visits:
        """A run. Every answer must carry the count."""
        return self._visit(self.web, f"{self.page}count.json", self.counted, seconds)

    def hello(self, seconds: float) -> Visits:
        """A run on the floor."""
        return self._visit(self.floor_web, "/hello/", ("hello",), seconds)

    def _visit(self, web: Web, path: str, expected: tuple[str, ...], seconds: float) -> Visits:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{web.port}", "Accept: */*"]
        request = "\r\n".join([*lines, "Accept-Language: en-US,en;q=0.5", "", ""])
        return self.place.visit(web, Plan(web.port, request, 200, expected, self.clients, seconds))
