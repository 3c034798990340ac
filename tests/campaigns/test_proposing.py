"""What last year's reports say about this year's quantities."""

import pytest
from django.contrib.admin.models import LogEntry

from campaigns.desk import proposing
from campaigns.models import BoxLine, Item, ItemReport, KitRule, Report
from tests.campaigns.factories import BoxFactory, RegistrationFactory, WeekFactory
from tests.members.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def years():
    return WeekFactory(year=2026), WeekFactory(year=2027)


def item(sku: str = "button") -> Item:
    return Item.objects.create(sku=sku, name=sku)


def tell(week, of: Item, *, sent: int, left: int = 0, short: int = 0, reports: int = 3) -> None:
    """So many locals got an item and told how it went; one more got it and told nothing."""
    for number in range(reports + 1):
        box = BoxFactory(registration=RegistrationFactory(week=week, approved=True), shipped=True)
        BoxLine.objects.create(box=box, item=of, quantity=sent)
        if number < reports:
            report = Report.objects.create(registration=box.registration)
            ItemReport.objects.create(report=report, item=of, left_over=left, short=short)


def rules(years, of: Item, **columns) -> KitRule:
    """The same rule in both years; this year's."""
    return [KitRule.objects.create(week=week, item=of, **columns) for week in years][1]


@pytest.mark.parametrize(
    ("before", "use", "after"),
    [
        ({"kind": "per-place", "amount": 50}, {"left": 20}, {"amount": 40}),
        ({"kind": "per-local", "amount": 3}, {"left": 90}, {"amount": 1}),
        ({"kind": "per-member", "amount": 1, "over_percent": 10}, {"short": 20}, {"amount": 1, "over_percent": 32}),
        ({"kind": "per-member", "amount": 2, "over_percent": 0}, {"left": 25}, {"amount": 1, "over_percent": 50}),
        ({"kind": "per-member", "amount": 1, "over_percent": 20}, {"left": 50}, {"amount": 1, "over_percent": 0}),
        ({"kind": "one-per", "amount": 20}, {"left": 50}, {"amount": 40}),
        ({"kind": "one-per", "amount": 20}, {"short": 100}, {"amount": 10}),
    ],
)
def test_a_rule_is_changed_by_the_share_that_was_used(years, before, use, after):
    button = item()
    rule = rules(years, button, **before)
    tell(years[0], button, sent=100, **use)
    found = proposing.proposals(years[1])
    assert [(each.rule, each.columns) for each in found] == [(rule, after)]


def test_the_reason_says_what_the_locals_told(years):
    button = item()
    rules(years, button, kind="per-place", amount=500)
    tell(years[0], button, sent=400, left=100)
    (found,) = proposing.proposals(years[1])
    assert found.use.words == "3 locals told: of 1,200 sent 300 were left over, 0 were too few; 75 % used"
    assert found.words == ["amount 500 → 375"]


@pytest.mark.parametrize("use", [{"left": 4}, {"short": 4}, {"left": 50, "reports": 2}])
def test_little_difference_and_few_reports_propose_nothing(years, use):
    button = item()
    rules(years, button, kind="per-place", amount=50)
    tell(years[0], button, sent=100, **use)
    assert proposing.proposals(years[1]) == []


def test_a_rule_that_staff_changed_or_wrote_anew_is_left_alone(years):
    button, sticker = item(), item("sticker")
    changed = rules(years, button, kind="per-place", amount=50)
    KitRule.objects.filter(pk=changed.pk).update(amount=60)
    KitRule.objects.create(week=years[1], item=sticker, kind="per-place", amount=5)
    for each in (button, sticker):
        tell(years[0], each, sent=100, left=50)
    assert proposing.proposals(years[1]) == []


def test_what_is_taken_over_is_written_down_and_not_proposed_again(client, years):
    button, staff = item(), StaffFactory()
    rule = rules(years, button, kind="per-place", amount=50)
    tell(years[0], button, sent=100, left=50)
    client.force_login(staff)
    address = f"/admin/campaigns/weekofaction/{years[1].pk}/quantities/"
    assert "amount 50 → 25" in client.get(address).content.decode()

    (seen,) = proposing.proposals(years[1])
    done = client.post(address, {"rule": rule.pk}, follow=True)
    again = client.post(address, {"rule": rule.pk}, follow=True)

    assert [str(each) for each in done.context["messages"]] == ["Changed: button."]
    assert [str(each) for each in again.context["messages"]] == [
        "Somebody has changed this rule meanwhile. Nothing changed."
    ]
    rule.refresh_from_db()
    assert rule.amount == 25
    words = "Took a proposed quantity (rule: button: so many for each place, was: amount 50)"
    assert LogEntry.objects.get(user=staff).change_message == words
    assert proposing.proposals(years[1]) == []
    with pytest.raises(proposing.ChangedMeanwhile):
        proposing.accept(proposal=seen, by=staff)


def test_proposals_cost_the_same_however_many_rules_there_are(years, django_assert_num_queries):
    for sku in ("a", "b", "c"):
        each = item(sku)
        rules(years, each, kind="per-place", amount=50)
        tell(years[0], each, sent=100, left=50)
    with django_assert_num_queries(4):
        assert len(proposing.proposals(years[1])) == 3
