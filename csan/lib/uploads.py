"""Files that staff uploaded: names under which nothing ever changes, keeping and forgetting them, what is a PDF.

A name holds a hash of the content and a random part. So a file can be kept by caches for ever, and two uploads of the
same file are two files: taking one away never harms the other.
"""

import re
import secrets
from collections.abc import Iterable
from functools import partial
from hashlib import sha256
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "pdf": "application/pdf"}
NAME = re.compile(rf"(?:[a-z0-9-]{{1,60}}-)?[0-9a-f]{{24}}(?:-[0-9]{{1,4}})?\.({'|'.join(TYPES)})")
MOST_PDF_BYTES = 10 * 1024 * 1024
EDGE = 1024  # bytes at either end in which readers of PDFs look for its marks (PDF 1.7, appendix H.3.4)


class NotAPdf(Exception):
    """The file cannot be taken; the text says why."""


def new_stem(content: bytes) -> str:
    """What a file's name begins with: 16 letters of the content's hash, 8 of chance."""
    return f"{sha256(content).hexdigest()[:16]}{secrets.token_hex(4)}"


def url_of(name: str) -> str:
    """Where a kept file is served, the same in every language."""
    return reverse("upload", args=[name])


def content_type_of(name: str) -> str | None:
    """By the name's ending; None for a name that is none of ours, whatever stands in the folder."""
    match = NAME.fullmatch(name)
    return TYPES[match[1]] if match else None


def keep(files: dict[str, bytes]) -> None:
    """Write files under their names. Done before the row that names them, so that no row is without its files."""
    for name, content in files.items():
        kept = default_storage.save(name, ContentFile(content))
        assert kept == name, "names never repeat"


def forget(names: Iterable[str]) -> None:
    """Take files away as soon as the transaction that no longer names them has committed."""
    transaction.on_commit(partial(_delete, list(names)))


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def pdf_name(file: IO[bytes], title: str) -> str:
    """The name for a PDF: its title and the hash of its content. Raises NotAPdf, which says what is wrong."""
    content = file.read(MOST_PDF_BYTES + 1)
    if len(content) > MOST_PDF_BYTES:
        raise NotAPdf("The file is larger than 10 MB. Save it with smaller pictures and upload that.")
    if b"%PDF-" not in content[:EDGE] or b"%%EOF" not in content[-EDGE:]:
        raise NotAPdf("This is not a PDF, or only a part of one. Save the document as PDF and upload that.")
    file.seek(0)
    words = slugify(title).replace("_", "-")[:60].strip("-")
    return f"{words or 'file'}-{new_stem(content)}.pdf"
