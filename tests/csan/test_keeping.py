"""Public pages are kept whole for a moment; what is one person's never is."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from csan import keeping
from petitions import signing
from petitions.models import Signature
from tests.petitions.factories import PetitionFactory, TallyFactory

PUBLIC = {"Cache-Control": "max-age=5, public"}


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGES_KEPT = 60.0
    keeping.forget_pages()
    yield
    keeping.forget_pages()


@pytest.fixture
def site(monkeypatch):
    """A site with one page that counts how often it was made; `headers` may be changed."""

    class Site:
        made = 0
        headers = PUBLIC
        now = 1000.0

        def __call__(self, request):
            self.made += 1
            return HttpResponse(f"page {self.made}", headers=self.headers)

        def ask(self, path="/page/", method="get", **extra):
            return answer(getattr(RequestFactory(), method)(path, **extra)).content.decode()

    found = Site()
    answer = keeping.keep_public_pages(found)
    monkeypatch.setattr(keeping.time, "monotonic", lambda: found.now)
    return found


def test_a_public_page_is_made_once_and_anew_when_its_time_is_over(site):
    assert [site.ask(), site.ask(), site.ask()] == ["page 1"] * 3
    site.now += 60
    assert [site.ask(), site.ask()] == ["page 2", "page 2"]


def test_in_the_last_quarter_one_visitor_brings_the_new_page(site):
    assert site.ask() == "page 1"
    site.now += 46
    assert [site.ask(), site.ask()] == ["page 2", "page 2"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cache-Control": "private"},
        {"Cache-Control": "max-age=0, no-cache, no-store, must-revalidate, private"},
        {"Cache-Control": "no-store"},
        {**PUBLIC, "Vary": "Cookie"},
        {**PUBLIC, "Vary": "Accept-Encoding, Accept-Language"},
    ],
)
def test_what_is_not_called_public_for_everybody_is_not_kept(site, headers):
    site.headers = headers
    assert [site.ask(), site.ask()] == ["page 1", "page 2"]


@pytest.mark.parametrize(
    "extra",
    [
        {"method": "post"},
        {"path": "/page/?from=poster"},
        {"headers": {"cookie": "sessionid=1"}},
        {"headers": {"authorization": "Bearer 1"}},
        {"headers": {"if-none-match": '"1"'}},
    ],
)
def test_a_request_that_is_not_everybodys_passes_by(site, extra):
    assert site.ask() == "page 1"
    assert site.ask(**extra) == "page 2"
    assert site.ask() == "page 1"


def test_hosts_and_encodings_have_pages_of_their_own(site):
    found = [site.ask(headers={"host": host, "accept-encoding": how}) for host in "ab" for how in ("gzip, br", "br")]
    assert found == ["page 1", "page 2", "page 3", "page 4"]
    assert site.ask(headers={"host": "a", "accept-encoding": "gzip"}) == "page 1"


def test_made_up_addresses_never_fill_the_memory(site):
    for number in range(keeping.MOST * 2 + 5):
        site.ask(f"/{number}/")
    assert len(keeping._kept) <= keeping.MOST


def test_an_error_and_a_stream_and_a_cookie_are_not_kept():
    for response in (HttpResponse(status=404, headers=PUBLIC), StreamingHttpResponse(iter([b"x"]), headers=PUBLIC)):
        assert not keeping.may_be_kept(response)
    with_cookie = HttpResponse(headers=PUBLIC)
    with_cookie.set_cookie("a", "b")
    assert not keeping.may_be_kept(with_cookie)


@pytest.mark.django_db
def test_the_petition_page_is_kept_with_every_header_and_its_form_still_signs(client):
    petition = PetitionFactory()
    tally = TallyFactory(petition=petition, count=7)
    first = client.get(f"/petitions/{petition.slug}/")
    tally.count = 8
    tally.save()
    second = client.get(f"/petitions/{petition.slug}/")
    assert (second.content, dict(second.items())) == (first.content, dict(first.items()))
    assert "Content-Security-Policy" in second.headers
    signing.sign(petition=petition, email="ada@example.org", given_name="Ada", family_name="L", zip_code="20001")
    assert Signature.objects.count() == 1
