"""A photo as it comes from a phone, made into the few small files that pages show.

The original is not kept: it tells where and when it was taken and with whose phone. What is made of it is pixels only.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore, Lock
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from csan.lib.uploads import new_stem

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
WIDTHS = (480, 960, 1600)  # of the files, in pixels
# Of the one JPEG: for letters, which are 600 wide where sharp screens show two for one, and for the oldest browsers.
JPEG_WIDTH = 1200
MOST_BYTES = 15 * 1024 * 1024
# Read into memory, all at once; phones take 12 or 24 million. Measured: at most 350 MB, for HEIC. WebP, which no phone
# writes, is unpacked into several copies, and so may be half as large.
MOST_PIXELS = 40_000_000
MOST_WEBP_PIXELS = 20_000_000
LONGEST = 5  # how many times the shorter side a picture's longer side may be
# Speed 8 costs a tenth of the encoder's own choice and files a few percent larger; somebody waits for it.
AVIF = {"quality": 58, "speed": 8}
WEBP = {"quality": 78, "method": 4}
JPEG = {"quality": 80, "optimize": True, "progressive": True}
KEPT_JPEG = {"quality": 90, "optimize": True}  # of which the small files may still be made
BROKEN = (OSError, SyntaxError, ValueError, RuntimeError, struct.error, ImageCms.PyCMSError)

register_heif_opener()
_working = Lock()
# One is worked on and one may wait: threads that all wait for photos would serve no page meanwhile.
_admitted = BoundedSemaphore(2)


class UnusablePhoto(Exception):
    """The photo cannot be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Prepared:
    """A photo made ready. `name` begins the names of all its `files`; the size is that of the widest."""

    name: str
    width: int
    height: int
    widths: tuple[int, ...]
    jpeg_width: int
    files: dict[str, bytes]


@dataclass(frozen=True)
class Plain:
    """A photo as pixels only, upright, no wider than the widest file; `content` is a JPEG."""

    content: bytes
    width: int
    height: int


def file_name(name: str, width: int, ending: str) -> str:
    """The name of one of a picture's files."""
    return f"{name}-{width}.{ending}"


def file_names(name: str, widths: tuple[int, ...], jpeg_width: int) -> list[str]:
    """The names of all of a picture's files."""
    pairs = [(width, ending) for width in widths for ending in ("avif", "webp")]
    return [file_name(name, width, ending) for width, ending in [*pairs, (jpeg_width, "jpg")]]


def prepare(file: IO[bytes]) -> Prepared:
    """Make a photo ready. Raises UnusablePhoto. One at a time in this process, so that memory is bounded."""
    with _turn():
        return _made(file)


@contextmanager
def _turn() -> Iterator[None]:
    if not _admitted.acquire(blocking=False):
        raise UnusablePhoto(_("Many photos are coming in right now. Please send yours again in a moment."))
    try:
        with _working:
            yield
    finally:
        _admitted.release()


def plain(file: IO[bytes]) -> Plain:
    """The one JPEG that is kept of a photo which nobody has looked at yet. Raises UnusablePhoto, as `prepare`."""
    with _turn():
        pixels = _read(file)
        return Plain(_encoded(pixels, "JPEG", KEPT_JPEG), pixels.width, pixels.height)


def _made(file: IO[bytes]) -> Prepared:
    pixels = _read(file)
    widths = tuple(sorted({min(width, pixels.width) for width in WIDTHS}))
    made: dict[tuple[int, str], bytes] = {}
    for width in widths:
        small = _scaled(pixels, width)
        made[width, "avif"] = _encoded(small, "AVIF", AVIF)
        made[width, "webp"] = _encoded(small, "WEBP", WEBP)
    jpeg_width = min(JPEG_WIDTH, pixels.width)
    made[jpeg_width, "jpg"] = _encoded(_scaled(pixels, jpeg_width), "JPEG", JPEG)
    name = new_stem(b"".join(made.values()))
    files = {file_name(name, width, ending): content for (width, ending), content in made.items()}
    return Prepared(name, small.width, small.height, widths, jpeg_width, files)


def _read(file: IO[bytes]) -> Image.Image:
    """The photo upright, no wider than the widest file, as RGB pixels: everything else it carried is left behind."""
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise UnusablePhoto(_("The photo is larger than 15 MB. Save it smaller and upload that."))
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS) as photo:
            _check_size(*photo.size, most=MOST_WEBP_PIXELS if photo.format == "WEBP" else MOST_PIXELS)
            photo.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # a JPEG is decoded no larger than needed
            ImageOps.exif_transpose(photo, in_place=True)
            return _bare(_scaled(photo, min(photo.width, WIDTHS[-1])))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnusablePhoto(_too_many(0, MOST_PIXELS)) from error
    except BROKEN as error:
        raise UnusablePhoto(
            _(
                "This file cannot be read as a photo. Upload a JPEG, PNG, WebP or HEIC file that opens on your own "
                "device."
            )
        ) from error


def _check_size(width: int, height: int, *, most: int) -> None:
    if width * height > most:
        raise UnusablePhoto(_too_many(width * height, most))
    if max(width, height) > LONGEST * min(width, height):
        raise UnusablePhoto(_("The photo is too long and thin for a page. Crop it and upload that."))


def _too_many(pixels: int, most: int) -> str:
    """`pixels` may be 0, where they were too many to be told."""
    millions = max(pixels, most + 1_000_000) // 1_000_000
    limit = most // 1_000_000
    return _(
        "The photo has %(millions)s million pixels or more; at most %(limit)s million can be read. Save it smaller."
    ) % {"millions": millions, "limit": limit}


def _scaled(image: Image.Image, width: int) -> Image.Image:
    """At the width given, which is never more than the image's own."""
    if image.width == width:
        return image
    if image.mode in ("P", "1"):  # colours by number cannot be mixed
        image = image.convert("RGBA")
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)


def _bare(image: Image.Image) -> Image.Image:
    """The colours as sRGB on a white ground, in a new image that carries nothing else.

    Phones write wider colours and say so in a profile; without the profile they would look pale.
    """
    if image.mode == "I;16":  # a conversion by itself would cut off all but the darkest
        image = image.point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    solid = image
    if image.mode in ("RGBA", "LA", "PA", "P") or "transparency" in image.info:
        clear = image.convert("RGBA")
        solid = Image.new("RGB", image.size, "white")
        solid.paste(clear, mask=clear.getchannel("A"))
    if profile and solid.mode in ("RGB", "CMYK"):
        solid = _as_srgb(solid, profile)
    bare = Image.new("RGB", solid.size)
    bare.paste(solid.convert("RGB"))
    return bare


def _as_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that cannot be read is as good as none
    return converted or image


def _encoded(image: Image.Image, kind: str, options: dict[str, int]) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
