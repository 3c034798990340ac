"""The gate on what an issue carries: dates, posts, pictures, offers, parts for some, what was seen before."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from csan.lib import offers
from csan.lib.offers import Offer
from csan.lib.pictures import prepare
from members import pictures
from members.models import Issue, IssueItem
from tests.members.factories import (
    IssueFactory,
    IssueItemFactory,
    PersonFactory,
    PictureFactory,
    PostFactory,
    StaffFactory,
    SubscriptionFactory,
)
from tests.members.gated import add_action, add_words, found_by_gate, issue_in_order, words

pytestmark = pytest.mark.django_db

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2027, 10, 20, 9, 0, tzinfo=NEW_YORK)
RALLY = datetime(2027, 11, 3, 17, 30, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def in_october():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (RALLY - timedelta(minutes=1), ""),
        (RALLY, ""),
        (
            RALLY + timedelta(minutes=30),
            "“Rally at City Hall” begins at 5:30 p.m., and the issue goes out at 6 p.m. on November 3.",
        ),
        (RALLY + timedelta(days=1), "“Rally at City Hall” is on November 3, before the issue goes out."),
    ],
)
def test_an_action_that_has_begun_when_the_issue_goes_out_blocks(at, expected):
    issue = issue_in_order()
    item = add_action(issue, starts_at=RALLY)
    findings = found_by_gate(issue, at=at)
    assert words(findings) == ([(True, expected)] if expected else [])
    assert all(each.fix_url.endswith(f"#item-{item.pk}") for each in findings)


def test_an_action_that_is_over_blocks():
    issue = issue_in_order()
    add_action(issue, starts_at=NOW - timedelta(days=2))
    assert words(found_by_gate(issue)) == [(True, "“Rally at City Hall” is over: it was on October 18.")]


def test_an_issue_is_judged_at_the_time_for_which_it_is_planned():
    issue = issue_in_order(due_on=date(2027, 11, 5))
    add_action(issue, starts_at=RALLY)
    expected = "“Rally at City Hall” is on November 3, before the issue goes out."
    assert words(found_by_gate(issue)) == [(True, expected)]
    Issue.objects.filter(pk=issue.pk).update(status="scheduled", scheduled_for=RALLY - timedelta(days=1))
    assert found_by_gate(issue) == []


def test_a_dropped_action_stands_in_nobodys_way():
    issue = issue_in_order()
    item = add_action(issue, starts_at=NOW - timedelta(days=2))
    IssueItem.objects.filter(pk=item.pk).update(is_dropped=True)
    assert found_by_gate(issue) == []


@pytest.mark.parametrize("status", ["submitted", "approved"])
def test_a_post_that_is_not_published_blocks(status):
    issue = issue_in_order()
    post = PostFactory(title="My first strike", status=status, published_at=None)
    IssueItemFactory(issue=issue, post=post)
    (finding,) = found_by_gate(issue)
    assert (finding.blocks, finding.words) == (True, f"“My first strike” is {status}, and not published yet.")
    assert finding.fix_url == reverse("admin:members_post_change", args=[post.pk])


@pytest.mark.parametrize("field", ["embargo_until", "published_at"])
def test_a_post_that_may_not_be_shown_yet_blocks_until_then(field):
    issue = issue_in_order()
    IssueItemFactory(issue=issue, post=PostFactory(title="A deal", **{field: RALLY}))
    expected = "“A deal” may not be shown before November 3, 5:30 p.m., and the issue goes out before that."
    assert words(found_by_gate(issue)) == [(True, expected)]
    assert found_by_gate(issue, at=RALLY) == []


@pytest.mark.parametrize("alt", ["   ", "IMG_2041.jpg", "photo", "Screenshot 2027-10-01.png", "12"])
def test_a_picture_nobody_described_blocks(alt):
    issue = issue_in_order()
    picture = PictureFactory(alt=alt, alt_es="Seis personas.")
    add_words(issue, picture=picture)
    findings = found_by_gate(issue)
    assert words(findings)[0] == (
        True,
        "The picture of “Call in” has no description for those who cannot see it.",
    )
    assert findings[0].fix_url == reverse("admin:members_picture_change", args=[picture.pk])


def test_a_picture_described_in_english_only_is_a_warning():
    issue = issue_in_order()
    add_words(issue, picture=PictureFactory())
    assert words(found_by_gate(issue)) == [(False, "The picture of “Call in” is described in English only.")]


@pytest.mark.parametrize(("jpeg_width", "said"), [(1200, []), (None, ["picture-wide"])])
def test_a_picture_from_before_there_was_a_small_file_for_letters_is_a_warning(jpeg_width, said):
    issue = issue_in_order()
    add_words(issue, picture=PictureFactory(jpeg_width=jpeg_width, alt_es="Seis personas."))
    findings = found_by_gate(issue)
    assert [each.code for each in findings] == said
    assert not any(each.blocks for each in findings)


def noisy(width: int) -> BytesIO:
    """A photo that no encoder makes small."""
    file = BytesIO()
    Image.effect_noise((width, width), 200).convert("RGB").save(file, "PNG")
    file.seek(0)
    return file


def test_heavy_pictures_are_a_warning(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    issue = issue_in_order()
    for at in range(3):
        photo = prepare(noisy(1000))
        picture = pictures.add(photo=photo, alt=f"Six members, {at}.", alt_es="Seis personas.")
        add_words(issue, heading=f"Words {at}", picture=picture)
    said = words(found_by_gate(issue, "pictures-heavy"))
    assert len(said) == 1
    assert said[0][0] is False
    assert said[0][1].startswith("The pictures weigh ")


def earlier_issue(number: int, **values: object) -> Issue:
    return IssueFactory(number=number, status="sent", frozen_at=timezone.now(), finished_at=timezone.now(), **values)


def test_a_post_of_an_earlier_issue_is_a_warning():
    issue = issue_in_order(number=40)
    post = issue.items.get().post
    IssueItemFactory(issue=earlier_issue(38), post=post)
    IssueItemFactory(issue=earlier_issue(39), post=post)
    assert words(found_by_gate(issue)) == [(False, "“Forty-five days” was in no. 39 already.")]


def test_what_never_went_out_was_not_seen_before():
    issue = issue_in_order(number=40)
    post = issue.items.get().post
    IssueItemFactory(issue=IssueFactory(number=37), post=post)
    IssueItemFactory(issue=earlier_issue(38), post=post, is_dropped=True)
    cancelled = earlier_issue(39)
    Issue.objects.filter(pk=cancelled.pk).update(status="cancelled")
    IssueItemFactory(issue=cancelled, post=post)
    assert found_by_gate(issue) == []


@pytest.fixture
def on_offer(monkeypatch):
    """What apps offer now; a test fills it."""
    offered: list[Offer] = []
    monkeypatch.setattr(offers, "_offers", [lambda since, on: offered])
    return offered


def signatures(said: str) -> Offer:
    return Offer(
        key="petition:jobs",
        heading={"en": "Save our jobs", "es": "Salvemos los empleos"},
        words={"en": f"{said} people have signed.", "es": f"Han firmado {said} personas."},
        url="https://fund.example.org/give",
    )


def offered_in(issue: Issue, said: str) -> IssueItem:
    return add_words(
        issue,
        offer="petition:jobs",
        heading="Save our jobs",
        heading_es="Salvemos los empleos",
        body=f"<p>{said} people have signed.</p>",
        body_es=f"<p>Han firmado {said} personas.</p>",
    )


def test_an_offer_whose_figures_have_changed_is_a_warning(on_offer):
    issue = issue_in_order()
    offered_in(issue, "3,240")
    on_offer.append(signatures("3,240"))
    assert found_by_gate(issue) == []
    on_offer[0] = signatures("3,655")
    expected = "“Save our jobs” says 3,240, which has changed. Now it is: “3,655 people have signed.”"
    assert words(found_by_gate(issue)) == [(False, expected)]


def test_an_offer_whose_words_have_changed_is_a_warning_until_staff_write_their_own(on_offer):
    issue = issue_in_order()
    item = offered_in(issue, "3,240")
    url = "https://fund.example.org/give"
    IssueItem.objects.filter(pk=item.pk).update(is_suggested=True, link=url)
    on_offer.append(signatures("3,240"))
    assert found_by_gate(issue, "offer-changed") == []
    words_now = {"en": "The bill is before the House: 3,240 people have signed.", "es": on_offer[0].words["es"]}
    on_offer[0] = replace(on_offer[0], words=words_now)
    expected = f"“Save our jobs” is offered with other words now. It is: “{words_now['en']}”, {url}"
    assert words(found_by_gate(issue, "offer-changed")) == [(False, expected)]
    on_offer[0] = replace(signatures("3,240"), url="https://fund.example.org/now", heading={"en": "Save our jobs"})
    expected = (
        "“Save our jobs” is offered with other words in Spanish and another link now. "
        "It is: “3,240 people have signed.”, https://fund.example.org/now"
    )
    assert words(found_by_gate(issue, "offer-changed")) == [(False, expected)]
    IssueItem.objects.filter(pk=item.pk).update(edited_at=timezone.now(), edited_by=StaffFactory())
    assert found_by_gate(issue, "offer-changed") == []


def test_an_offer_that_was_shortened_by_staff_is_as_good(on_offer):
    issue = issue_in_order()
    item = offered_in(issue, "3,240")
    on_offer.append(signatures("3,240"))
    IssueItem.objects.filter(pk=item.pk).update(body="<p>Sign now.</p>", body_es="<p>Firme.</p>")
    assert found_by_gate(issue) == []


def test_what_is_not_on_offer_any_more_is_a_warning(on_offer):
    issue = issue_in_order()
    offered_in(issue, "3,240")
    assert words(found_by_gate(issue)) == [(False, "“Save our jobs” is not on offer any more. Is it over?")]


def test_an_offer_in_the_words_of_an_earlier_issue_is_a_warning(on_offer):
    issue = issue_in_order(number=40)
    on_offer.append(signatures("3,240"))
    offered_in(earlier_issue(39), "3,240")
    item = offered_in(issue, "3,240")
    assert words(found_by_gate(issue)) == [(False, "“Save our jobs” was in no. 39 already.")]
    IssueItem.objects.filter(pk=item.pk).update(body="<p>More people sign each day.</p>")
    assert found_by_gate(issue) == []


def test_an_audience_that_is_none_blocks():
    issue = issue_in_order()
    add_words(issue, audience="state", audience_of="Texas")
    expected = "“Call in”: Texas is no state; write the two letters of the post, such as TX."
    assert words(found_by_gate(issue)) == [(True, expected)]


def test_an_audience_to_which_nobody_belongs_is_a_warning():
    issue = issue_in_order()
    add_words(issue, audience="employer", audience_of="AT&T")
    expected = "“Call in” is seen by nobody now: people who work for AT&T."
    assert words(found_by_gate(issue)) == [(False, expected)]
    SubscriptionFactory(person=PersonFactory(employer="at&t"))
    assert found_by_gate(issue) == []


def test_a_day_that_has_passed_is_a_warning():
    issue = issue_in_order(due_on=date(2027, 10, 19))
    assert words(found_by_gate(issue)) == [(False, "The issue was planned for October 19, and goes out after that.")]
