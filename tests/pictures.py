"""Photos as phones and programs write them, for the tests."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image
from pillow_heif import register_heif_opener

register_heif_opener()


def photo(
    kind: str = "JPEG",
    *,
    size: tuple[int, int] = (640, 480),
    image: Image.Image | None = None,
    orientation: int = 0,
    secret: str = "",
) -> BytesIO:
    """A photo as a file. `secret` stands in every place that a program may write into."""
    shown = image or Image.linear_gradient("L").resize(size).convert("RGB")
    more: dict[str, Any] = {}
    exif = Image.Exif()
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if secret:
        exif[ExifTags.Base.Artist] = secret
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = secret.encode()
        if kind in ("JPEG", "WEBP", "HEIF"):
            more["xmp"] = f"<x:xmpmeta xmlns:x='http://ns.adobe.com/xap/1.0/'>{secret}</x:xmpmeta>".encode()
        if kind == "JPEG":
            more["comment"] = secret.encode()
    if orientation or secret:
        more["exif"] = exif.tobytes()
    file = BytesIO()
    shown.save(file, kind, **more)
    file.seek(0)
    return file
