"""Reading: the petition's page with its text, count and form, made anew for each visitor (no cache in front)."""

from petitions.models import Petition
from tests.bench.place import Place, Web
from tests.bench.visitors import Plan, Visits


class Reading:
    """Runs on the server that signs, too."""

    def __init__(self, place: Place, petition: Petition, web: Web, clients: int) -> None:
        self.place = place
        self.clients = clients
        self.web = web
        lines = [f"GET /petitions/{petition.slug}/ HTTP/1.1", f"Host: 127.0.0.1:{web.port}", "Accept: text/html"]
        self.request = "\r\n".join([*lines, "Accept-Language: en-US,en;q=0.5", "", ""])
        count = Petition.objects.counted().get(pk=petition.pk).signers
        self.expected = (
            petition.current_version.title,
            f'<strong class="count__number" data-count>{count:,}</strong>',
            f'action="/petitions/{petition.slug}/sign/"',
            "</html>",
        )

    def read(self, seconds: float) -> Visits:
        """A run. Every page must carry the title, the count, the form and its own end."""
        return self.place.visit(self.web, Plan(self.web.port, self.request, 200, self.expected, self.clients, seconds))
