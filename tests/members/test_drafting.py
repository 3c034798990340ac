"""The draft that writes itself: when it is made, of what, and what making it anew leaves alone."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from csan.lib import offers
from csan.lib.offers import Offer
from members import newsletter
from members.models import CalendarDay, Issue, IssueItem, Section
from members.newsletter import arranging, composing, drafting, suggesting
from members.newsletter.contents import items_of
from members.tasks import make_drafts
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory, SubscriptionFactory
from tests.members.sending import send_issue

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 15)


@pytest.fixture(autouse=True)
def calendar(settings):
    settings.NEWSLETTER_FIRST_ON = date(2026, 1, 15)
    settings.NEWSLETTER_EVERY_MONTHS = 2
    settings.NEWSLETTER_DRAFT_DAYS = 14


@pytest.fixture
def no_offers(monkeypatch):
    """Other apps offer nothing."""
    monkeypatch.setattr(offers, "_offers", [])


@pytest.fixture
def offered(monkeypatch):
    """Another app offers what the test says."""
    found: list[Offer] = []
    monkeypatch.setattr(offers, "_offers", [lambda since, on: list(found)])
    return found


def at(moment: datetime):
    return time_machine.travel(moment, tick=False)


def noon(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 17, tzinfo=UTC)


def offer(words: str = "3,240 signatures.") -> Offer:
    return Offer("petition:x", {"en": "Save jobs", "es": "Empleos"}, {"en": words, "es": "3,240 firmas."}, "/p/x/")


def titles(issue: Issue) -> list[str]:
    """What stands in the issue, as readers get it."""
    return [str(item) for item in items_of(issue)]


def test_the_next_issue_is_made_two_weeks_before_its_day_and_once():
    for today, count in ((date(2026, 10, 31), 0), (date(2026, 11, 1), 1), (date(2026, 11, 2), 1), (DAY, 1)):
        newsletter.make_due_drafts(today)
        assert Issue.objects.count() == count, today
    issue = Issue.objects.get()
    assert (issue.number, issue.due_on, issue.is_self_made, issue.status) == (1, DAY, True, "draft")


def test_its_number_follows_the_last_one():
    IssueFactory(number=41)
    newsletter.make_due_drafts(DAY)
    assert Issue.objects.get(due_on=DAY).number == 42


def test_every_day_that_is_near_has_its_issue(settings):
    settings.NEWSLETTER_EVERY_MONTHS = 1
    settings.NEWSLETTER_DRAFT_DAYS = 45
    newsletter.make_due_drafts(date(2026, 11, 2))
    assert [*Issue.objects.order_by("due_on").values_list("due_on", flat=True)] == [DAY, date(2026, 12, 15)]


def test_an_issue_that_staff_planned_for_the_day_is_the_one():
    mine = IssueFactory(due_on=DAY, subject="Written by hand")
    assert newsletter.make_due_drafts(date(2026, 11, 2)) == []
    assert [*Issue.objects.values_list("pk", "subject")] == [(mine.pk, "Written by hand")]
    assert CalendarDay.objects.get().issue == mine


@pytest.mark.parametrize("change", ["move", "delete", "cancel"])
def test_a_day_that_had_its_issue_gets_no_second_one(change):
    [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
    match change:
        case "move":
            Issue.objects.update(due_on=date(2026, 11, 20))
        case "delete":
            issue.delete()
        case "cancel":
            Issue.objects.update(status="cancelled", frozen_at=timezone.now(), finished_at=timezone.now())
    before = Issue.objects.count()
    assert newsletter.make_due_drafts(date(2026, 11, 3)) == []
    assert Issue.objects.count() == before


def test_two_issues_are_never_planned_for_one_day():
    IssueFactory(due_on=DAY)
    with pytest.raises(IntegrityError, match="members_issue_one_a_day"), transaction.atomic():
        IssueFactory(due_on=DAY)
    IssueFactory.create_batch(2, due_on=None)


@pytest.mark.django_db(transaction=True)
def test_asked_twice_at_once_it_makes_one():
    PostFactory()
    barrier, made = Barrier(2), []

    def ask() -> None:
        barrier.wait()
        try:
            made.extend(newsletter.make_due_drafts(date(2026, 11, 2)))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), Issue.objects.count(), IssueItem.objects.filter(post__isnull=False).count()) == (1, 1, 1)


def test_the_clocks_go_back_and_one_issue_is_made_on_its_local_day():
    """On November 1, 2026 the hour from one to two comes twice in New York; beat asks every hour."""
    made = {}
    for hour in range(3, 10):
        with at(datetime(2026, 11, 1, hour, 30, tzinfo=UTC)):
            make_drafts()
            made[hour] = Issue.objects.count()
    assert made == {3: 0, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1}


def test_the_clocks_go_forward_and_one_issue_is_made(settings):
    settings.NEWSLETTER_FIRST_ON = date(2026, 3, 22)
    made = {}
    for hour in range(4, 9):
        with at(datetime(2026, 3, 8, hour, 30, tzinfo=UTC)):
            make_drafts()
            made[hour] = Issue.objects.count()
    assert made == {4: 0, 5: 1, 6: 1, 7: 1, 8: 1}


def test_actions_stand_by_date_and_past_ones_never(no_offers):
    with at(noon(2)):
        for title, starts_at in (
            ("Later", noon(3, 12)),
            ("Sooner", noon(20)),
            ("Over when it goes out", noon(14)),
            ("Over", noon(1)),
        ):
            PostFactory(kind="action", title=title, starts_at=starts_at)
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert titles(issue) == ["Sooner", "Later"]


def test_an_action_may_come_again_and_news_does_not(no_offers):
    with at(noon(2, 9)):
        action = PostFactory(kind="action", title="Rally", starts_at=noon(3, 12), published_at=noon(1, 9))
        update = PostFactory(kind="bargaining", title="Old talks", employer="AT&T", published_at=noon(1, 9))
        unused = PostFactory(title="Old story", published_at=noon(1, 9))
        SubscriptionFactory()
        last = IssueFactory(number=14)
        for post in (action, update):
            newsletter.add_post(issue=last, post=post)
        send_issue(issue=last)
    with at(noon(2)):
        PostFactory(title="New story", published_at=noon(1))
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert titles(issue) == ["Rally", "New story"]
        items = list(issue.items.all())
        assert {str(item): str(suggesting.last_used(issue, items).get(item.pk)) for item in items} == {
            "Rally": str(last),
            "New story": "None",
        }
        assert unused.issue_items.count() == 0


def test_updates_stand_by_employer_and_what_was_under_embargo_comes_when_it_is_public(no_offers):
    with at(noon(2)):
        for title, employer in (("Third", "Verizon"), ("First", "AT&T"), ("Second", "Frontier")):
            PostFactory(kind="bargaining", title=title, employer=employer, published_at=noon(1))
        secret = PostFactory(
            kind="bargaining", title="Secret", employer="AT&T", published_at=noon(1, 6), embargo_until=noon(5)
        )
        PostFactory(title="Waits for approval", status="approved", published_at=None)
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert titles(issue) == ["First", "Second", "Third"]
    with at(noon(6)):
        assert drafting.posts_to_come(issue) == [secret]
        newsletter.fill_draft(issue=issue)
        assert titles(issue) == ["First", "Secret", "Second", "Third"]
        assert drafting.posts_to_come(issue) == []


def test_an_offer_carries_its_words_in_both_languages_and_its_page(offered):
    offered.append(offer())
    [issue] = newsletter.make_due_drafts(DAY)
    item = issue.items.get()
    assert (item.offer, item.heading, item.heading_es, item.body, item.body_es, item.link) == (
        "petition:x", "Save jobs", "Empleos", "<p>3,240 signatures.</p>", "<p>3,240 firmas.</p>", "/p/x/",
    )  # fmt: skip
    assert item.section.kind == "offers"
    assert newsletter.gather(issue, language="es", variant="0").entries[0].url == "/p/x/"


def test_made_anew_it_keeps_what_staff_did_and_follows_the_news(offered):
    """Pinned, edited, added and dropped items stay as they are; others come, go and get new figures."""
    staff = StaffFactory()
    offered.append(offer())
    with at(noon(2)):
        posts = {
            name: PostFactory(kind="action", title=name, starts_at=noon(20))
            for name in ("pinned", "edited", "dropped", "untouched")
        }
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        items = {name: issue.items.get(post=post) for name, post in posts.items()}
        arranging.pin(item=items["pinned"], pinned=True, by=staff)
        arranging.drop(item=items["dropped"], by=staff)
        IssueItem.objects.filter(pk=items["edited"].pk).update(heading="By me", edited_at=timezone.now())
        by_hand = newsletter.add_post(
            issue=issue, post=PostFactory(title="by hand", published_at=noon(1, 1)), by=staff
        )
        for post in posts.values():
            post.starts_at = noon(5)  # moved to before the issue: none of them holds any more
            post.save(update_fields=["starts_at"])
        PostFactory(kind="action", title="new", starts_at=noon(21))
        offered[0] = offer("3,300 signatures.")
        done = newsletter.fill_draft(issue=issue, by=staff)
        assert titles(issue) == ["pinned", "By me", "new", "Save jobs", "by hand"]
        assert (done.added, done.removed) == (1, 1)
        assert issue.items.get(offer="petition:x").body == "<p>3,300 signatures.</p>"
        assert by_hand.is_suggested is False
        assert newsletter.fill_draft(issue=issue, by=staff) == drafting.Redraft(0, 0)
        assert titles(issue) == ["pinned", "By me", "new", "Save jobs", "by hand"]


def test_words_that_staff_put_into_an_offer_are_not_overwritten(offered):
    offered.append(offer())
    [issue] = newsletter.make_due_drafts(DAY)
    IssueItem.objects.update(body="<p>Mine.</p>", edited_at=timezone.now())
    offered[0] = offer("9,999 signatures.")
    newsletter.fill_draft(issue=issue)
    assert issue.items.get().body == "<p>Mine.</p>"


def test_a_section_that_was_left_out_is_not_filled_again(no_offers):
    with at(noon(2)):
        PostFactory(title="A story", published_at=noon(1))
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        arranging.drop_section(section=issue.sections.get(), by=StaffFactory())
        PostFactory(title="Another", published_at=noon(1))
        newsletter.fill_draft(issue=issue)
        assert titles(issue) == []
        assert issue.items.count() == 1


def test_what_is_new_stands_where_it_belongs_though_staff_moved_the_others(no_offers):
    with at(noon(2)):
        for day in (20, 22, 24):
            PostFactory(kind="action", title=f"On {day}", starts_at=noon(day))
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        arranging.move_item(item=issue.items.get(post__title="On 24"), up=True, by=StaffFactory())
        PostFactory(kind="action", title="On 21", starts_at=noon(21))
        newsletter.fill_draft(issue=issue)
        assert titles(issue) == ["On 20", "On 21", "On 24", "On 22"]


def test_subject_and_intro_are_suggested_in_both_languages_until_somebody_writes_them(no_offers):
    with at(noon(2)):
        PostFactory(kind="action", title="National call-in day", starts_at=noon(20))
        PostFactory(title="Contesto en dos idiomas", language="es", published_at=noon(1))
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert (issue.subject, issue.subject_es) == (
            "National call-in day, and other news",
            "Contesto en dos idiomas y otras noticias",
        )
        assert issue.intro == "<p>Dear friends,</p><p>In this issue: 1 upcoming action, 1 member&#x27;s story.</p>"
        assert issue.intro_es.startswith("<p>Compañeras y compañeros:</p><p>En este número: 1 próxima acción")
        words = {"subject": "Mine", "subject_es": "Mío", "intro": "", "intro_es": ""}
        composing.write_issue(issue=issue, version=issue.version, by=StaffFactory(), words=words)
        newsletter.fill_draft(issue=issue)
        issue.refresh_from_db()
        assert (issue.subject, issue.subject_es, issue.intro) == ("Mine", "Mío", "")


@pytest.mark.parametrize(
    ("post", "subject"),
    [
        ({"title": "Won"}, "Our news for November 2026"),
        ({"title": "Pay " * 30}, " ".join(["Pay"] * 14) + "…"),
        ({"title": "Won", "kind": "bargaining", "employer": "Frontier"}, "News from Frontier, and more"),
        ({"title": "A strike that was won by all of us together, at last"}, None),
    ],
)
def test_a_subject_is_as_long_as_telephones_show(no_offers, post, subject):
    with at(noon(2)):
        made = PostFactory(**post, published_at=noon(1))
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert issue.subject == (subject or made.title)
        assert 10 <= len(issue.subject) <= 60
        assert 10 <= len(issue.subject_es) <= 60


def test_an_empty_calendar_makes_an_issue_that_says_hello(no_offers):
    with at(noon(2)):
        [issue] = newsletter.make_due_drafts(date(2026, 11, 2))
        assert (issue.subject, issue.subject_es, issue.intro) == (
            "Our news for November 2026", "Nuestras noticias de noviembre de 2026", "<p>Dear friends,</p>",
        )  # fmt: skip


def test_a_frozen_issue_is_not_made_anew():
    SubscriptionFactory()
    issue = send_issue(issue=IssueFactory())
    with pytest.raises(newsletter.WrongState):
        newsletter.fill_draft(issue=issue)


def test_an_issue_made_by_hand_is_filled_on_demand_and_keeps_its_subject(no_offers):
    with at(noon(2)):
        PostFactory(kind="action", title="Rally at noon", starts_at=noon(20))
        issue = IssueFactory(due_on=date(2026, 11, 10), subject="Special", intro="")
        newsletter.fill_draft(issue=issue)
        issue.refresh_from_db()
        assert (titles(issue), issue.subject) == (["Rally at noon"], "Special")
        assert issue.intro.startswith("<p>Dear friends,</p>")


def test_filling_an_issue_costs_the_same_whatever_was_used_before(no_offers, django_assert_max_num_queries):
    issue = IssueFactory()
    for _ in range(3):
        IssueItemFactory(issue=issue)
    with django_assert_max_num_queries(1):
        suggesting.last_used(issue, list(issue.items.all()[:0]))
    items = list(issue.items.all())
    with django_assert_max_num_queries(1):
        suggesting.last_used(issue, items)


def test_sections_come_in_their_order_and_words_of_staff_stay_behind(no_offers):
    with at(noon(2)):
        issue = IssueFactory(due_on=DAY)
        arranging.add_section(issue=issue, kind=Section.Kind.WORDS, by=StaffFactory(), heading="A word")
        PostFactory(title="Story", published_at=noon(1))
        PostFactory(kind="action", title="Rally", starts_at=noon(20) + timedelta(days=1))
        newsletter.fill_draft(issue=issue)
        assert [*issue.sections.order_by("position").values_list("kind", flat=True)] == ["words", "actions", "stories"]
