"""The pages that a web process keeps for a second: made once for a crowd, for no wrong reader, never too old."""

import os
import threading
import time

import pytest

from csan import kept_pages
from csan.kept_pages import KeptPages
from csan.lib import changes
from csan.lib.caching import KEPT

PAGE = "/petitions/jobs/"


class Application:
    """Counts how often it is asked, and answers with that number."""

    def __init__(self, *, kept=60.0, status="200 OK", slow=0.0):
        self.kept, self.status, self.slow, self.asked = kept, status, slow, 0

    def __call__(self, environ, start_response):
        self.asked += 1
        number = self.asked
        time.sleep(self.slow)
        if self.kept:
            environ[KEPT] = self.kept
        start_response(self.status, [("Content-Type", "text/html"), ("ETag", f'W/"{number}"'), ("Vary", "x")])
        return [b"page ", str(number).encode()]


def ask(pages, path=PAGE, *, method="GET", query="", **headers):
    """Status, headers and body."""
    said = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.url_scheme": "http"}
    environ |= {"HTTP_HOST": "here.example", **headers}
    body = b"".join(pages(environ, lambda status, head, exc_info=None: said.extend([status, dict(head)])))
    return said[0], said[1], body.decode()


def bodies(pages, *requests):
    return [ask(pages, **request)[2] for request in requests]


def test_a_page_is_made_once_while_it_is_kept():
    assert bodies(KeptPages(Application()), {}, {}, {}) == ["page 1"] * 3


def test_a_page_is_made_anew_when_its_time_is_over(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: now[0])
    pages = KeptPages(Application(kept=1))
    told = []
    for moment in (100.0, 100.9, 101.0, 101.9):
        now[0] = moment
        told.append(ask(pages)[2])
    assert told == ["page 1", "page 1", "page 2", "page 2"]


def test_a_change_makes_a_page_anew_but_not_more_often_than_it_can_be_made(monkeypatch):
    now = [100.0]

    class Slow(Application):
        def __call__(self, environ, start_response):
            now[0] += 0.01
            return super().__call__(environ, start_response)

    monkeypatch.setattr(kept_pages.time, "monotonic", lambda: now[0])
    pages = KeptPages(Slow())
    assert ask(pages)[2] == "page 1"
    changes.mark()
    now[0] += 0.09
    assert ask(pages)[2] == "page 1"
    now[0] += 0.02
    assert bodies(pages, {}, {}) == ["page 2"] * 2
    changes.mark()
    now[0] += 0.2
    assert bodies(pages, {}, {}) == ["page 3"] * 2


def test_the_mark_of_one_worker_is_seen_by_the_others():
    before = changes.seen()
    if (worker := os.fork()) == 0:
        changes.mark()
        os._exit(0)
    os.waitpid(worker, 0)
    assert changes.seen() != before


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/es/petitions/jobs/"}, {"path": "/petitions/jobs/count.json"}, {"HTTP_HOST": "there.example"},
        {"HTTP_ACCEPT_ENCODING": "br, gzip"}, {"HTTP_X_FORWARDED_PROTO": "https"}, {"wsgi.url_scheme": "https"},
    ],
)  # fmt: skip
def test_another_address_or_coding_is_another_page(other):
    assert bodies(KeptPages(Application()), {}, other, {}, other) == ["page 1", "page 2", "page 1", "page 2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"query": "from=f-ana"}, {"method": "POST"}, {"method": "HEAD"}, {"path": "/signature/key/"},
        {"path": "/petitions/jobs/sign/"}, {"path": "/admin/petitions/"},
    ],
)  # fmt: skip
def test_what_may_differ_between_readers_is_neither_kept_nor_given_from_what_is(changes):
    pages = KeptPages(Application())
    assert bodies(pages, {}, changes, changes, {}) == ["page 1", "page 2", "page 3", "page 1"]


@pytest.mark.parametrize("application", [Application(kept=0), Application(status="404 Not Found")])
def test_an_answer_that_may_not_be_kept_is_not(application):
    assert bodies(KeptPages(application), {}, {}) == ["page 1", "page 2"]


@pytest.mark.parametrize("wanted", ['W/"1"', 'W/"0", W/"1"'])
def test_who_has_the_page_already_gets_its_head_alone(wanted):
    pages = KeptPages(Application())
    for _ in range(2):
        status, headers, body = ask(pages, HTTP_IF_NONE_MATCH=wanted)
        assert (status, headers, body) == ("304 Not Modified", {"ETag": 'W/"1"', "Vary": "x"}, "")
    assert ask(pages, HTTP_IF_NONE_MATCH='W/"7"')[0] == "200 OK"


def test_a_crowd_that_comes_at_once_has_the_page_made_once():
    application = Application(slow=0.05)
    pages = KeptPages(application)
    told = []
    threads = [threading.Thread(target=lambda: told.append(ask(pages)[2])) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (told, application.asked) == (["page 1"] * 16, 1)


def test_an_application_that_fails_holds_nobody_up():
    pages = KeptPages(lambda environ, start_response: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(pages)


def test_made_up_host_names_do_not_fill_the_memory():
    pages = KeptPages(Application())
    for number in range(kept_pages.MOST + 5):
        ask(pages, HTTP_HOST=f"{number}.example")
    assert len(pages.answers) == 5
