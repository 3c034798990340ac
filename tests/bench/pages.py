"""Reading: the petition's page with its text, count and form, and the count alone, against a bare "hello".

Made anew for each visitor here; behind nginx, with its micro-cache, in `behind_nginx.py`.
"""

from petitions.models import Petition
from tests.bench.place import Place, Web
from tests.bench.visitors import Plan, Visits


class Reading:
    """Runs on the servers that sign, too."""

    def __init__(self, place: Place, petition: Petition, web: Web, floor_web: Web) -> None:
        self.place, self.petition, self.web, self.floor_web = place, petition, web, floor_web
        self.path = f"/petitions/{petition.slug}/"

    def read(self, seconds: float, clients: int) -> Visits:
        """A run. Every page must carry the title, the count, the form and its own end."""
        return self._visit(self.web, self.path, self.words, seconds, clients)

    def count(self, seconds: float, clients: int) -> Visits:
        """A run of the count for programs."""
        return self._visit(self.web, f"{self.path}count.json", (f'"count": {self.signers}',), seconds, clients)

    def hello(self, seconds: float, clients: int) -> Visits:
        """A run of the least that a page can be in Django: no middleware, five letters."""
        return self._visit(self.floor_web, "/hello/", ("\r\n\r\nhello",), seconds, clients)

    @property
    def signers(self) -> int:
        return Petition.objects.counted().get(pk=self.petition.pk).signers

    @property
    def words(self) -> tuple[str, ...]:
        """What every page must carry."""
        return (f'<strong class="count__number" data-count>{self.signers:,}</strong>', *self.frame)

    @property
    def frame(self) -> tuple[str, ...]:
        """The same without the count."""
        return self.petition.current_version.title, f'action="{self.path}sign/"', "</html>"

    def _visit(self, web: Web, path: str, words: tuple[str, ...], seconds: float, clients: int) -> Visits:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{web.port}", "Accept: text/html"]
        request = "\r\n".join([*lines, "Accept-Language: en-US,en;q=0.5", "", ""])
        return self.place.visit(web, Plan(web.port, request, 200, words, clients, seconds))
