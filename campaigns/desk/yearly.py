"""The next year's week, begun from this year's: the same days of the week, tasks, toolkit and rules of the kit."""

from datetime import date

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from campaigns.models import Item, KitRule, ToolkitItem, WeekOfAction, WeekTask
from csan.lib import audit

WORDS = (
    "theme", "intro", "theme_es", "intro_es", "hashtag", "illustration", "picture_id", "box_contents",
    "box_contents_es",
)  # fmt: skip
OF_TASK = ("code", "title", "description", "title_es", "description_es", "position", "day")
OF_TOOLKIT = ("position", "kind", "title", "text", "title_es", "text_es", "path", "file")
OF_RULE = ("item_id", "kind", "amount", "over_percent", "minimum", "maximum", "rounds_to_pack", "districts")


class NextYearExists(Exception):
    """The next year has a week already."""


def moved_days(week: WeekOfAction) -> dict[str, date]:
    """Each day of the week a year later, on the same day of the week: all by 52 weeks, or by 53.

    They move together, by as much as takes the first day to the same week of the ISO calendar.
    """
    year, number, weekday = week.starts_on.isocalendar()
    last = date(year + 1, 12, 28).isocalendar().week  # this day is always in a year's last week
    by = date.fromisocalendar(year + 1, min(number, last), weekday) - week.starts_on
    return {name: getattr(week, name) + by for name in WeekOfAction.DAYS}


@transaction.atomic
def begin_next_year(*, week: WeekOfAction, by: User) -> WeekOfAction:
    """A draft of next year's week. Nobody is written to, nothing is shown. Raises NextYearExists."""
    words = {name: getattr(week, name) for name in WORDS}
    fresh = WeekOfAction(year=week.year + 1, **words, **moved_days(week))
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError as error:
        if "year" not in str(error):
            raise
        raise NextYearExists from error
    _copy_tasks(week, fresh)
    _copy_toolkit(week, fresh)
    _copy_rules(week, fresh)
    audit.record(by=by, objects=[fresh], did="Began", after=week.year)
    return fresh


def _copy_tasks(week: WeekOfAction, fresh: WeekOfAction) -> None:
    WeekTask.objects.bulk_create(
        [WeekTask(week=fresh, **{name: getattr(task, name) for name in OF_TASK}) for task in week.tasks.order_by("pk")]
    )


def _copy_toolkit(week: WeekOfAction, fresh: WeekOfAction) -> None:
    """Files are shared by both: one is deleted only when no item has it any more. Twins to print are the new ones."""
    items = list(week.toolkit.order_by("pk"))
    copies = ToolkitItem.objects.bulk_create(
        [ToolkitItem(week=fresh, **{name: getattr(item, name) for name in OF_TOOLKIT}) for item in items]
    )
    for item, copy in zip(items, copies, strict=True):
        Item.objects.filter(print_twin=item).update(print_twin=copy)


def _copy_rules(week: WeekOfAction, fresh: WeekOfAction) -> None:
    """Rules for things that are still packed; one for those who pledged a task is for the new week's task."""
    tasks = {task.code: task for task in fresh.tasks.all()}
    rules = week.kit_rules.filter(item__is_retired=False).select_related("task").order_by("pk")
    KitRule.objects.bulk_create(
        [
            KitRule(
                week=fresh,
                task=tasks[rule.task.code] if rule.task else None,
                **{name: getattr(rule, name) for name in OF_RULE},
            )
            for rule in rules
        ]
    )
