"""Where the petitions' addresses lead, as the web server's handler remembers it."""

import pytest
from django.test import RequestFactory
from django.urls import Resolver404
from django.utils import translation

from csan.handler import Handler, match_of


@pytest.fixture
def handler():
    match_of.cache_clear()
    return Handler()


@pytest.mark.parametrize(("language", "path"), [("en", "/petitions/jobs/sign/"), ("es", "/es/petitions/jobs/sign/")])
def test_a_petitions_address_leads_to_the_same_view_each_time(handler, language, path):
    with translation.override(language):
        matches = [handler.resolve_request(RequestFactory().post(path)) for _ in range(2)]
    assert [(match.view_name, match.kwargs) for match in matches] == [("petitions:sign", {"slug": "jobs"})] * 2
    assert match_of.cache_info().currsize == 1


def test_what_leads_nowhere_and_what_may_hold_a_key_is_not_remembered(handler):
    with pytest.raises(Resolver404):
        handler.resolve_request(RequestFactory().get("/petitions/jobs/nowhere/"))
    assert handler.resolve_request(RequestFactory().get("/signature/a-key/")).view_name == "petitions:signature"
    assert match_of.cache_info().currsize == 0
