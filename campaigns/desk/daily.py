"""Each morning of the week: the locals that take part read what today is for. Once each, whoever asks how often."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from campaigns.emails import desk_letters
from campaigns.models import Registration, WeekOfAction, WeekTask

FROM, UNTIL = 7, 20  # o'clock, by the program's own time; before that and after it nobody reads
AT_ONCE = 500  # letters in one transaction


def task_on(week: WeekOfAction, day: date) -> WeekTask | None:
    """The task whose turn it is: the one for that day, else the days are shared out among the others in their order.

    Three tasks in five days have two days, two days and one.
    """
    if not week.starts_on <= day <= week.ends_on:
        return None
    tasks = list(week.tasks.order_by("position", "pk"))
    number = (day - week.starts_on).days
    for task in tasks:
        if task.day == number + 1:
            return task
    taken = {task.day for task in tasks if task.day}
    free = [each for each in range((week.ends_on - week.starts_on).days + 1) if each + 1 not in taken]
    others = [task for task in tasks if not task.day]
    return others[free.index(number) * len(others) // len(free)] if others else None


def write_tasks(*, now: datetime | None = None) -> int:
    """Letters of the day that are due and were not written yet. How many were written now."""
    moment = timezone.localtime(now)
    if not FROM <= moment.hour < UNTIL:
        return 0
    today = moment.date()
    written = 0
    for week in WeekOfAction.objects.public().filter(starts_on__lte=today, ends_on__gte=today):
        if task := task_on(week, today):
            written += _write_to_locals(week, task, today)
    return written


def _write_to_locals(week: WeekOfAction, task: WeekTask, today: date) -> int:
    approved = week.registrations.filter(status=Registration.Status.APPROVED).select_related("local", "week")
    rows = desk_letters.without_task_of_the_day(list(approved.order_by("pk")), today)
    written = 0
    for first in range(0, len(rows), AT_ONCE):
        with transaction.atomic():
            written += sum([desk_letters.task_of_the_day(row, task, today) for row in rows[first : first + AT_ONCE]])
    return written
