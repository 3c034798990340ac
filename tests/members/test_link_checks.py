"""Whether links work: asked for, looked at by workers, one at a host, killed on the way, accepted by somebody."""

import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection
from django.utils import timezone

from csan.lib.visiting import Found, Visit
from members import tasks
from members.models import Issue, LinkCheck
from members.newsletter import link_checks
from tests.members.factories import IssueFactory, IssueItemFactory, PostFactory, StaffFactory, SubscriptionFactory
from tests.webserver import web_server

pytestmark = pytest.mark.django_db(transaction=True)

FUND = "https://fund.example.org/give"


def linking(*urls: str, **values: object) -> Issue:
    """An issue whose intro leads to these addresses."""
    return IssueFactory(intro="".join(f'<p><a href="{url}">Give</a></p>' for url in urls), **values)


def check(url: str = FUND, *, age: timedelta | None = None, **values: object) -> LinkCheck:
    """What a worker found so long ago; without an age it has not looked yet."""
    moment = None if age is None else timezone.now() - age
    row = LinkCheck.objects.create(url=url, host=link_checks.host_of(url), checked_at=moment, **values)
    if moment is not None:
        LinkCheck.objects.filter(pk=row.pk).update(asked_at=moment)
        row.refresh_from_db()
    return row


@pytest.fixture
def server(settings):
    with web_server() as running:
        settings.LINK_CHECK_ALSO = [running.place]
        settings.LINK_CHECK_TIMEOUT = 3
        yield running


def test_asking_writes_a_row_for_each_link_of_each_letter():
    SubscriptionFactory()
    issue = linking(
        FUND, "https://example.org/a?b=1&amp;c=2", intro_es='<p><a href="https://example.org/es">Dar</a></p>'
    )
    IssueItemFactory(issue=issue, post=PostFactory())
    IssueItemFactory(
        issue=issue, post=None, heading="For some", link="https://example.org/some", audience="state", audience_of="TX"
    )
    SubscriptionFactory(person__zip_code="75001")
    rows = link_checks.ask(issue)
    assert [(row.url, row.host, row.state) for row in rows] == [
        (FUND, "fund.example.org", "waiting"),
        ("https://example.org/a?b=1&c=2", "example.org", "waiting"),
        ("https://example.org/es", "example.org", "waiting"),
        ("https://example.org/some", "example.org", "waiting"),
    ]
    assert [row.pk for row in link_checks.ask(issue)] == [row.pk for row in rows]
    assert LinkCheck.objects.count() == 4


def test_posts_of_the_issue_its_own_page_and_private_pages_need_no_visit():
    issue = IssueFactory(intro="<p>Words.</p>")
    IssueItemFactory(issue=issue, post=PostFactory())
    assert link_checks.ask(issue) == []
    assert not LinkCheck.objects.exists()


def test_a_link_of_an_item_that_nobody_sees_is_not_looked_at():
    issue = IssueFactory()
    IssueItemFactory(issue=issue, post=None, heading="Dropped", link=FUND, is_dropped=True)
    assert link_checks.ask(issue) == []


@pytest.mark.parametrize(
    ("state", "age", "asked_again"),
    [
        ("fine", timedelta(hours=23), False),
        ("fine", timedelta(hours=25), True),
        ("dead", timedelta(hours=23), False),
        ("dead", timedelta(hours=25), True),
        ("unknown", timedelta(minutes=14), False),
        ("unknown", timedelta(minutes=16), True),
    ],
)
def test_what_was_looked_at_lately_is_left_alone(state, age, asked_again):
    row = check(state=state, age=age)
    link_checks.ask(linking(FUND))
    row.refresh_from_db()
    assert row.is_waiting is asked_again
    assert row.state == state  # until something else is found


def test_what_somebody_accepted_is_looked_at_once_a_day():
    check(state="unknown", age=timedelta(hours=2), accepted_at=timezone.now())
    assert [row.is_waiting for row in link_checks.ask(linking(FUND))] == [False]


def test_staff_may_have_all_of_them_looked_at_anew():
    check(state="fine", age=timedelta(seconds=5))
    assert [row.is_waiting for row in link_checks.ask(linking(FUND), anew=True)] == [True]


def test_asking_costs_the_same_for_one_link_and_for_many(django_assert_num_queries):
    for urls in ([FUND], [f"https://example.org/{at}" for at in range(30)]):
        with django_assert_num_queries(5):  # three, and the marks of a transaction
            link_checks.ask_for(urls)


def test_workers_look_and_write_down_what_they_found(server):
    rows = link_checks.ask_for([server.url(path) for path in ("/fine", "/status/404", "/status/403")])
    assert link_checks.look_at_waiting() == 3
    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.detail) for row in rows] == [
        ("fine", ""),
        ("dead", "leads to a page that is not there (404)"),
        ("unknown", "does not let programs look (403)"),
    ]
    assert {(row.is_waiting, row.claimed_at) for row in rows} == {(False, None)}


def test_looking_twice_looks_once(server):
    link_checks.ask_for([server.url("/fine")])
    assert (link_checks.look_at_waiting(), link_checks.look_at_waiting()) == (1, 0)
    assert len(server.asked) == 1


def test_the_task_looks(server):
    link_checks.ask_for([server.url("/fine")])
    tasks.look_at_links()
    assert LinkCheck.objects.get().state == "fine"


def test_beat_asks_after_links_of_issues_that_have_yet_to_go_out():
    linking(FUND)
    over = linking("https://example.org/over")
    Issue.objects.filter(pk=over.pk).update(status="sent", frozen_at=timezone.now(), finished_at=timezone.now())
    tasks.ask_after_links()
    assert [row.url for row in LinkCheck.objects.all()] == [FUND]


def test_two_workers_share_the_work_and_are_never_both_at_one_host(server, settings):
    with web_server() as other:
        other_urls = [other.url(f"/busy/0.{at + 1}").replace("127.0.0.1", "localhost") for at in range(3)]
        settings.LINK_CHECK_ALSO = [server.place, other.place.replace("127.0.0.1", "localhost")]
        link_checks.ask_for([*(server.url(f"/busy/0.{at + 1}") for at in range(3)), *other_urls])
        counts: list[int] = []

        def work() -> None:
            counts.append(link_checks.look_at_waiting())
            connection.close()

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert server.most_at_once == other.most_at_once == 1
        assert len(server.asked) == len(other.asked) == 3
    assert sum(counts) == 6
    assert set(LinkCheck.objects.values_list("state", flat=True)) == {"fine"}


def test_a_worker_that_died_is_followed_by_another(server):
    (dead_at,) = link_checks.ask_for([server.url("/fine")])
    link_checks.ask_for([server.url("/other")])
    assert link_checks.claim() == dead_at  # and is killed
    assert link_checks.look_at_waiting() == 0
    long_ago = timezone.now() - link_checks.LEASE - timedelta(seconds=1)
    LinkCheck.objects.filter(pk=dead_at.pk).update(claimed_at=long_ago)
    assert link_checks.look_at_waiting() == 2


def test_who_lost_a_link_to_another_writes_nothing_about_it():
    check()
    slow = link_checks.claim()
    LinkCheck.objects.update(claimed_at=timezone.now() - link_checks.LEASE - timedelta(seconds=1))
    fast = link_checks.claim()
    assert link_checks.settle(slow, Visit(Found.DEAD, "is gone")) is False
    assert link_checks.settle(fast, Visit(Found.FINE)) is True
    assert LinkCheck.objects.get().state == "fine"


def test_two_links_of_one_host_cannot_both_be_in_hand():
    check(claimed_at=timezone.now())
    with pytest.raises(IntegrityError, match="members_linkcheck_one_at_a_host"):
        check("https://fund.example.org/other", claimed_at=timezone.now())


def test_a_link_that_is_being_claimed_is_left_to_whoever_claims_it():
    """The row of another host is taken meanwhile; nobody waits."""
    check()
    check("https://example.org/")
    claimed, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM members_linkcheck WHERE host = 'fund.example.org' FOR UPDATE")
            claimed.set()
            done.wait(10)
            cursor.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    claimed.wait(10)
    row = link_checks.claim()
    done.set()
    holder.join()
    assert row.host == "example.org"


def test_a_fault_of_ours_costs_one_link_and_is_written_to_the_log(server, settings, caplog):
    settings.LINK_CHECK_TIMEOUT = "not a number"
    link_checks.ask_for([server.url("/fine")])
    assert link_checks.look_at_waiting() == 1
    assert (LinkCheck.objects.get().state, LinkCheck.objects.get().detail) == (
        "unknown",
        "could not be looked at, through a fault of ours",
    )
    assert "A look at a link failed" in caplog.text


def test_somebody_may_answer_for_a_link_that_could_not_be_checked():
    issue, by = linking(FUND), StaffFactory()
    row = check(state="unknown", age=timedelta(0))
    link_checks.accept(issue=issue, check=row, by=by)
    row.refresh_from_db()
    assert (row.accepted_by, row.state) == (by, "unknown")
    entry = LogEntry.objects.get()
    assert entry.object_id == str(issue.pk)
    assert entry.get_change_message() == f"Accepted a link that could not be checked (link: {FUND})"


@pytest.mark.parametrize("state", ["fine", "dead"])
def test_nobody_can_accept_what_was_checked(state):
    row = check(state=state, age=timedelta(0))
    with pytest.raises(link_checks.NotInDoubt):
        link_checks.accept(issue=linking(FUND), check=row, by=StaffFactory())
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(("found", "stays"), [(Found.UNKNOWN, True), (Found.DEAD, False), (Found.FINE, False)])
def test_what_was_accepted_stays_so_until_somebody_knows_better(found, stays):
    by = StaffFactory()
    check(state="unknown", age=timedelta(days=2), accepted_at=timezone.now(), accepted_by=by)
    link_checks.ask_for([FUND])
    link_checks.settle(link_checks.claim(), Visit(found, "is so"))
    row = LinkCheck.objects.get()
    assert (row.accepted_by == by, row.accepted_at is not None, row.state) == (stays, stays, found.value)


def test_what_is_not_in_doubt_cannot_stand_as_accepted():
    with pytest.raises(IntegrityError, match="members_linkcheck_accepted"):
        check(state="dead", age=timedelta(0), accepted_at=timezone.now())


def test_what_was_found_has_a_time():
    with pytest.raises(IntegrityError, match="members_linkcheck_checked"):
        check(state="fine")


def test_there_are_four_states():
    with pytest.raises(IntegrityError, match="members_linkcheck_state"):
        check(state="perhaps", age=timedelta(0))


def press(client, issue: Issue, do: str, **values: object):
    return client.post(f"/admin/members/issue/{issue.pk}/sending/", {"do": do, **values}, follow=True)


def test_staff_press_a_button_and_see_how_far_it_is(admin_client, server):
    issue = linking(server.url("/fine"), server.url("/status/403"))
    page = press(admin_client, issue, "check-links").content.decode()
    assert "2 links are being looked at." in page
    assert "0 of 2 links looked at." in page
    link_checks.look_at_waiting()
    page = admin_client.get(f"/admin/members/issue/{issue.pk}/sending/").content.decode()
    assert "2 of 2 links looked at." in page
    assert "<strong>could not be checked</strong>: it does not let programs look (403)" in page
    assert page.count('value="accept-link"') == 1


def test_staff_accept_by_a_button(admin_client, admin_user):
    issue = linking(FUND)
    row = check(state="unknown", age=timedelta(0), detail="does not let programs look (403)")
    page = press(admin_client, issue, "accept-link", link=row.pk).content.decode()
    assert "Accepted: you answer for this link." in page
    assert f"Accepted by {admin_user}" in page
    assert 'value="accept-link"' not in page


@pytest.mark.parametrize("link", ["", "x", "0", "9" * 30])
def test_a_link_that_is_none_is_accepted_by_nobody(admin_client, link):
    page = press(admin_client, linking(FUND), "accept-link", link=link).content.decode()
    assert "was looked at again meanwhile" in page
