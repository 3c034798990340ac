"""The photos of a report: kept as pixels only, where nobody finds them, until staff have looked at each."""

from collections.abc import Iterable
from hashlib import sha256
from typing import IO

from django.db import transaction

from campaigns.models import Registration, Report, ReportPhoto
from campaigns.reports import reporting
from csan.lib import private_files
from csan.lib.pictures import Plain
from members import pictures

FOLDER = "report-photos"
MOST = 12  # photos of a report


class TooMany(Exception):
    """The report has as many photos as it can have."""


class NoConsent(Exception):
    """Not everybody who can be recognised has agreed."""


@transaction.atomic
def add(*, registration: Registration, photo: Plain, alt: str, has_consent: bool) -> ReportPhoto:
    """Keep a photo; the same one sent twice is kept once. Raises NoConsent, TooMany, and what `reporting.hold` does.

    The file comes before the row that names it: killed in between, it lies there unnamed until it is swept up.
    """
    if not has_consent:
        raise NoConsent
    report = reporting.hold(registration)
    digest = sha256(photo.content).hexdigest()
    if known := report.photos.filter(digest=digest).first():
        return known
    if report.photos.count() >= MOST:
        raise TooMany
    name = private_files.keep(f"{FOLDER}/{digest[:24]}.jpg", photo.content)
    return ReportPhoto.objects.create(
        report=report, file=name, digest=digest, width=photo.width, height=photo.height, alt=alt, has_consent=True
    )


@transaction.atomic
def remove(*, registration: Registration, pk: int) -> None:
    """Take a photo away with all its files, as the local wishes. Raises what `reporting.hold` does."""
    report = reporting.hold(registration)
    erase(report.photos.filter(pk=pk).select_related("picture"))


@transaction.atomic
def erase(photos: Iterable[ReportPhoto]) -> None:
    """Rows and files, the public ones too."""
    for photo in photos:
        photo.delete()
        private_files.forget([photo.file])
        if photo.picture:
            pictures.remove(pictures=[photo.picture])


def of(report: Report) -> list[ReportPhoto]:
    """In the order in which they came."""
    return list(report.photos.order_by("pk")) if report.pk else []


def open_photo(photo: ReportPhoto) -> IO[bytes]:
    """The file, to be shown to its local or to staff. Raises `private_files.Gone`."""
    return private_files.open_file(photo.file)


def sweep() -> int:
    """Delete files that no row names: of a worker that was killed, of reports that are gone. How many."""
    return private_files.sweep(FOLDER, named=set(ReportPhoto.objects.values_list("file", flat=True)))
