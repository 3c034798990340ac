"""What stands around a petition's form, the bill, the map and the stories, and its sheet for paper."""

import re

import pytest
import segno
from django.utils import timezone

from petitions.models import Petition
from petitions.sheets import qr_code
from petitions.views import public
from tests.petitions.factories import MeasureEventFactory, MeasureFactory, PointFactory, SignatureFactory, tally
from tests.words import text

pytestmark = pytest.mark.django_db
PAGE = "/petitions/save-call-center-jobs/"


def test_what_stands_around_the_form_is_looked_up_when_the_template_asks(petition, django_assert_num_queries):
    with django_assert_num_queries(0):
        parts = public.around(petition)
    petition.measures.set([MeasureFactory()])
    MeasureEventFactory(measure=petition.measures.get())
    PointFactory(petition=petition, position=2, title="Second")
    PointFactory(petition=petition, position=1, title="First")
    for state in ("TX", "ME"):
        SignatureFactory(petition=petition, comment=f"Hear {state}.", story_shown_at=timezone.now(), state=state)
    tally(petition, TX=7, ME=4)
    assert [point.title for point in parts["points"]] == ["First", "Second"]
    assert [(each.number, len(each.measures)) for each in parts["lineage"]] == [(115, 1)]
    assert [event.what for event in parts["timeline"]] == ["Introduced in the House."]
    assert [(tile.code, tile.count) for tile in parts["tile_map"].rows] == [("TX", 7)]
    assert [(story.comment, story.name) for story in parts["stories"]] == [
        ("Hear ME.", "A signer"),
        ("Hear TX.", "A signer in Texas"),
    ]


def test_the_page_hides_groups_under_five_and_shows_a_story_by_the_name_its_signer_allows(client, petition):
    tally(petition, TX=7, ME=4)
    SignatureFactory(petition=petition, comment="Hear <us>.", story_shown_at=timezone.now(), state="TX")
    SignatureFactory(petition=petition, comment="Not chosen.")
    response = client.get(PAGE)
    assert "Hear <us>. A signer in Texas" in text(response)
    assert "Not chosen." not in text(response)
    assert "Lovelace" not in text(response)
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(.*?)</td>', response.content.decode(), re.DOTALL)
    assert rows == [("Texas", "7"), ("Every other state and territory", "fewer than 5")]


def test_the_sheet_has_eleven_rows_the_address_and_its_code_and_is_for_no_search_engine(client, petition):
    petition.measures.set([MeasureFactory(number=1300)])
    PointFactory(petition=petition)
    for path in (PAGE, f"/es{PAGE}"):
        response = client.get(f"{path}sheet/")
        html = response.content.decode()
        assert (response.status_code, html.count('<th scope="row">')) == (200, 11)
        assert f"http://testserver{path}" in text(response)
        assert '<meta name="robots" content="noindex">' in html
        assert re.search(r'<svg[^>]* class="qr"', html)
        assert (" style=" in html, response.context["address"]) == (False, f"http://testserver{path}")
    assert "Tell callers the truth. Whoever answers says where they are." in text(response)


def test_the_code_on_the_sheet_is_the_address():
    found = segno.make("http://testserver/petitions/x/", error="m", micro=False)
    assert found.svg_inline(omitsize=True, border=2, light="#fff", lineclass=None, svgclass="qr") == qr_code(
        "http://testserver/petitions/x/"
    )


def test_a_closed_petition_has_no_sheet_to_fill(client, petition):
    Petition.objects.update(closes_at=timezone.now())
    response = client.get(f"{PAGE}sheet/")
    assert (response.status_code, response["Location"]) == (302, PAGE)
