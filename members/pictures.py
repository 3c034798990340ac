"""Adding photos and taking them away: a row is never without its files."""

from collections.abc import Iterable

from django.db import transaction

from csan.lib import uploads
from csan.lib.pictures import Prepared
from members.models import Picture


@transaction.atomic
def add(*, photo: Prepared, alt: str, alt_es: str = "", credit: str = "") -> Picture:
    """Keep a photo that was made ready. Its files come first: killed in between, they lie there unnamed."""
    uploads.keep(photo.files)
    return Picture.objects.create(
        name=photo.name,
        width=photo.width,
        height=photo.height,
        widths=list(photo.widths),
        jpeg_width=photo.jpeg_width,
        alt=alt,
        alt_es=alt_es,
        credit=credit,
    )


@transaction.atomic
def remove(*, pictures: Iterable[Picture]) -> int:
    """Take photos away, their files once that is certain. Raises ProtectedError for one that is still shown."""
    rows = list(pictures)
    uploads.forget(name for row in rows for name in row.file_names)
    count, _ = Picture.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return count
