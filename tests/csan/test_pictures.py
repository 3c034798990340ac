"""Photos as staff upload them: whatever the phone did, pages get small upright files that tell nothing about it."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
from django.core.files.storage import default_storage
from PIL import ExifTags, Image, ImageCms

from csan.lib import pictures, uploads
from csan.lib.pictures import UnusablePhoto, prepare
from tests.pictures import photo
from tests.processes import wait_until

SECRET = "Meeting room of Local 1101"


def opened(prepared, width, ending) -> Image.Image:
    return Image.open(BytesIO(prepared.files[pictures.file_name(prepared.name, width, ending)]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_each_kind_of_photo_becomes_avif_and_webp_in_three_widths_and_one_jpeg(kind):
    made = prepare(photo(kind, size=(2000, 1500)))

    assert (made.width, made.height, made.widths, made.jpeg_width) == (1600, 1200, (480, 960, 1600), 1200)
    assert set(made.files) == set(pictures.file_names(made.name, made.widths, made.jpeg_width))
    assert sorted(name.removeprefix(made.name) for name in made.files) == [
        "-1200.jpg", "-1600.avif", "-1600.webp", "-480.avif", "-480.webp", "-960.avif", "-960.webp",
    ]  # fmt: skip
    for width, height in ((480, 360), (960, 720), (1600, 1200)):
        for ending, format_name in (("avif", "AVIF"), ("webp", "WEBP")):
            image = opened(made, width, ending)
            assert (image.format, image.size) == (format_name, (width, height))
    assert opened(made, 1200, "jpg").size == (1200, 900)


@pytest.mark.parametrize(
    ("width", "widths"), [(300, (300,)), (480, (480,)), (700, (480, 700)), (1200, (480, 960, 1200))]
)
def test_a_small_photo_is_never_enlarged(width, widths):
    made = prepare(photo(size=(width, 300)))
    assert (made.width, made.height, made.widths) == (width, 300, widths)
    assert opened(made, width, "jpg").size == (width, 300)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_taken_with_the_phone_on_its_side_stands_upright(kind):
    wide = Image.new("RGB", (400, 200), "red")
    wide.paste("blue", (200, 0, 400, 200))

    made = prepare(photo(kind, image=wide, orientation=6))  # to be turned clockwise: what is right comes to the bottom

    assert (made.width, made.height) == (200, 400)
    upright = opened(made, 200, "jpg").convert("RGB")
    assert [nearest(upright.getpixel((100, y))) for y in (50, 350)] == ["red", "blue"]


def nearest(pixel: tuple[int, int, int]) -> str:
    return "red" if pixel[0] > pixel[2] else "blue"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_tells_where_when_and_by_whom_it_was_taken(kind):
    made = prepare(photo(kind, size=(600, 400), secret=SECRET))

    for name, content in made.files.items():
        image = Image.open(BytesIO(content))
        assert dict(image.getexif()) == {}, name
        assert {"exif", "xmp", "icc_profile", "comment"} & set(image.info) == set(), name
        assert SECRET.encode() not in content
        assert b"Exif" not in content
        assert b"http://ns.adobe.com/xap" not in content


def test_the_secret_was_in_the_photo_before():
    assert SECRET.encode() in photo("JPEG", secret=SECRET).getvalue()


def test_what_is_clear_in_a_drawing_becomes_white():
    drawing = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    assert opened(prepare(photo("PNG", image=drawing)), 300, "webp").convert("RGB").getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_way_to_write_colours_is_understood(mode):
    grey = Image.new("L", (300, 300), 128)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("I;16", grey.size, 128 * 256) if mode == "I;16" else grey.convert(mode)
    shown = opened(prepare(photo(kind, image=image)), 300, "jpg").convert("L").resize((1, 1), Image.Resampling.BOX)
    assert 118 <= shown.getpixel((0, 0)) <= 138


def test_colours_with_a_profile_are_translated_and_a_broken_profile_is_passed_over():
    image = Image.new("RGB", (300, 300), (200, 30, 30))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"no profile at all"):
        file = BytesIO()
        image.save(file, "PNG", icc_profile=profile)
        red, green, blue = opened(prepare(file), 300, "webp").convert("RGB").getpixel((150, 150))
        assert abs(red - 200) < 12
        assert abs(green - 30) < 12
        assert abs(blue - 30) < 12


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("kept", [0.5, 0.1])
def test_a_broken_file_is_refused_with_a_sentence(kind, kept):
    whole = photo(kind, size=(600, 400)).getvalue()
    with pytest.raises(UnusablePhoto, match="cannot be read as a photo"):
        prepare(BytesIO(whole[: int(len(whole) * kept)]))


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7 %%EOF", b"\xff\xd8\xff\xe0" * 99],
)
def test_what_is_no_photo_is_refused_with_a_sentence(content):
    with pytest.raises(UnusablePhoto, match="cannot be read as a photo"):
        prepare(BytesIO(content))


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "BMP"])
def test_other_kinds_of_pictures_are_refused(kind):
    with pytest.raises(UnusablePhoto, match="JPEG, PNG, WebP or HEIC"):
        prepare(photo(kind))


def bomb(width: int, height: int) -> BytesIO:
    """A PNG that says it is so large; nothing of it may be unpacked."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((8660, 5774), "The photo has 50 million pixels or more; at most 40 million can be read."),
        ((12000, 9000), "million pixels or more; at most 40 million can be read."),
        ((60000, 60000), "million pixels or more; at most 40 million can be read."),
        ((6000, 1000), "too long and thin"),
    ],
)
def test_a_photo_too_large_to_unpack_is_refused_before_it_is_unpacked(size, words):
    with pytest.raises(UnusablePhoto, match=words):
        prepare(bomb(*size))


def test_webp_which_takes_more_memory_to_unpack_may_be_half_as_large():
    large = Image.new("RGB", (5000, 4100))
    with pytest.raises(UnusablePhoto, match="at most 20 million"):
        prepare(photo("WEBP", image=large))
    assert prepare(photo("JPEG", image=large)).width == 1600


def test_a_file_of_more_than_15_megabytes_is_refused():
    file = photo(size=(300, 300))
    file.seek(0, 2)
    file.write(bytes(pictures.MOST_BYTES))
    with pytest.raises(UnusablePhoto, match="larger than 15 MB"):
        prepare(file)


def test_the_same_photo_twice_has_names_that_never_meet():
    first, second = prepare(photo(size=(300, 300))), prepare(photo(size=(300, 300)))
    assert first.name[:16] == second.name[:16]  # the hash of the content
    assert set(first.files) & set(second.files) == set()


def test_a_photo_is_said_to_be_taken_on_its_side_by_the_tag_that_phones_use():
    assert ExifTags.Base.Orientation in dict(Image.open(photo("JPEG", orientation=6)).getexif())


# ── Serving ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    made = prepare(photo(size=(500, 300)))
    uploads.keep(made.files)
    return made


@pytest.mark.parametrize(
    ("ending", "content_type"), [("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")]
)
def test_a_kept_file_is_served_for_ever_and_without_guessing(client, kept, ending, content_type):
    name = pictures.file_name(kept.name, 500, ending)
    response = client.get(f"/uploads/{name}")

    assert b"".join(response.streaming_content) == kept.files[name]
    assert response["Content-Type"] == content_type
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(kept.files[name]))
    assert not response.cookies
    assert client.post(f"/uploads/{name}").status_code == 405


def test_only_names_of_ours_are_looked_for(client, kept):
    folder = Path(default_storage.path(""))
    for name in ("notes.txt", "page.html", "0123.jpg", "staff.txt"):
        (folder / name).write_text("private")
    for address in (
        "notes.txt", "page.html", "0123.jpg", "../staff.txt", "..%2Fstaff.txt", "%2e%2e/staff.txt",
        f"{'0' * 24}-480.webp", f"{kept.name}-480.html", f"{kept.name}-480.webp%00", "", f"x/{kept.name}-480.webp",
    ):  # fmt: skip
        assert client.get(f"/uploads/{address}").status_code == 404, address


class SlowFile(BytesIO):
    """A photo that is not read before it may be."""

    may_be_read = Event()

    def seek(self, *place: int) -> int:
        assert self.may_be_read.wait(10)
        return super().seek(*place)


def test_while_two_photos_are_in_hand_a_third_does_not_keep_a_thread_waiting():
    content = photo(size=(60, 40)).getvalue()
    with ThreadPoolExecutor(2) as hands:
        made = [hands.submit(prepare, SlowFile(content)) for _ in range(2)]
        try:
            wait_until(lambda: pictures._admitted._value == 0, 10, "two photos to be in hand")
            with pytest.raises(UnusablePhoto, match="again in a moment"):
                prepare(photo(size=(60, 40)))
        finally:
            SlowFile.may_be_read.set()
        assert [each.result().width for each in made] == [60, 60]
    assert prepare(photo(size=(60, 40))).width == 60
