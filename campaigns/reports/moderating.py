"""What the public may see of what locals told: staff decide, of a report's words and of each photo apart.

A photo's public files exist only while it is shown: they are made when staff let it be, and deleted when it is taken
off.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from campaigns.models import Registration, Report, ReportPhoto, WeekOfAction
from csan.lib import audit, private_files
from csan.lib.pictures import prepare
from members import pictures


class NotAgreed(Exception):
    """The local does not want it to be shown, or has changed what it told since staff read it."""


class NotThere(Exception):
    """The photo was taken away meanwhile."""


@transaction.atomic
def approve(*, report: Report, by: User) -> Report:
    """Let the public see the words as staff have read them. Raises NotAgreed."""
    agreed = Report.objects.filter(pk=report.pk, may_be_shown=True, changed_at=report.changed_at)
    if not agreed.update(approved_at=timezone.now(), hidden_at=None):
        raise NotAgreed
    audit.record(by=by, objects=[report], did="Shown on the wall")
    report.refresh_from_db()
    return report


@transaction.atomic
def hide(*, report: Report, by: User) -> Report:
    """Keep the words off the wall; the local may correct them again."""
    if Report.objects.filter(pk=report.pk, hidden_at=None).update(approved_at=None, hidden_at=timezone.now()):
        audit.record(by=by, objects=[report], did="Taken off the wall")
    report.refresh_from_db()
    return report


def approve_photo(*, photo: ReportPhoto, by: User) -> ReportPhoto:
    """Let the public see a photo. Raises NotAgreed, NotThere, and UnusablePhoto where many photos are worked on.

    The small files are made before anything is held: that takes a second.
    """
    try:
        with private_files.open_file(photo.file) as file:
            prepared = prepare(file)
    except private_files.Gone as error:
        raise NotThere from error
    with transaction.atomic():
        agreed = Report.objects.filter(
            pk=photo.report_id, may_be_shown=True, registration__status=Registration.Status.APPROVED
        )
        if agreed.select_for_update(of=("self",)).first() is None:
            raise NotAgreed
        held = ReportPhoto.objects.select_for_update().filter(pk=photo.pk).first()
        if held is None:
            raise NotThere
        if held.approved_at is None:
            held.picture = pictures.add(photo=prepared, alt=held.alt)
            held.approved_at, held.hidden_at = timezone.now(), None
            held.save(update_fields=["picture", "approved_at", "hidden_at"])
            audit.record(by=by, objects=[held], did="Shown on the wall")
    return held


@transaction.atomic
def hide_photo(*, photo: ReportPhoto, by: User) -> ReportPhoto:
    """Keep a photo off the wall. Raises NotThere."""
    Report.objects.select_for_update().get(pk=photo.report_id)
    held = ReportPhoto.objects.select_for_update(of=("self",)).select_related("picture").filter(pk=photo.pk).first()
    if held is None:
        raise NotThere
    if held.hidden_at is None:
        _take_off(held, hidden_at=timezone.now())
        audit.record(by=by, objects=[held], did="Taken off the wall")
    return held


def take_photos_off(reports: QuerySet[Report]) -> None:
    """The locals are not to be shown any more: their photos wait again, public files go. In a transaction."""
    held = [report.pk for report in reports.select_for_update(of=("self",)).order_by("pk")]
    photos = ReportPhoto.objects.filter(report__in=held).exclude(picture=None)
    for photo in photos.select_for_update(of=("self",)).select_related("picture").order_by("pk"):
        _take_off(photo, hidden_at=None)


def _take_off(photo: ReportPhoto, **more: object) -> None:
    picture, columns = photo.picture, {"picture": None, "approved_at": None, **more}
    for name, value in columns.items():
        setattr(photo, name, value)
    photo.save(update_fields=list(columns))
    if picture:
        pictures.remove(pictures=[picture])


def shown(week: WeekOfAction) -> QuerySet[Report]:
    """What the public may see of a week: locals that take part and agreed, of which staff let something be shown.

    Of a report the words may be shown where it has `approved_at`; `shown_photos` are those that may.
    """
    agreed = Report.objects.filter(
        registration__week=week, registration__status=Registration.Status.APPROVED, may_be_shown=True
    )
    seen = ReportPhoto.objects.exclude(approved_at=None)
    with_something = Q(approved_at__isnull=False) | Q(pk__in=seen.values("report"))
    photos = Prefetch("photos", seen.select_related("picture").order_by("pk"), to_attr="shown_photos")
    ordered = agreed.filter(with_something).order_by("-approved_at", "-pk")
    return ordered.select_related("registration__local").prefetch_related(photos)


def is_anything_shown(week: WeekOfAction) -> bool:
    """Whether the wall has something on it."""
    return shown(week).exists()
