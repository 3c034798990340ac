"""What the texts and paths of campaigns and weeks have in common: two languages, addresses of this site, drawings."""

from django.conf import settings
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.urls import translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

OWN_PATH = r"^/([^/]|$)"  # a path of this site; two slashes would begin another site's address
IS_OWN_PATH = RegexValidator(OWN_PATH, _("A path on this site begins with one slash."))
IS_HTTPS = URLValidator(schemes=["https"])
MARKDOWN_HELP = "Markdown: blank lines part paragraphs, **bold**, [text](https://address)."
SPANISH_HELP = "Empty: as in English."
PICTURE_HELP = "A photo that stands for the drawing."


class Illustration(models.TextChoices):
    """Our drawings that a page can be shown with: the files of templates/illustrations."""

    HEADSET = "headset", "a headset"
    BOX = "box", "a box that opens"
    TILES = "tiles", "a map of tiles"
    NEWSLETTER = "newsletter", "a newsletter"
    MEGAPHONE = "megaphone", "a megaphone"
    TABLE = "table", "a bargaining table"
    QUOTE = "quote", "a face with speech bubbles"
    PICKET = "picket", "a picket line"


def in_language(english: str, spanish: str) -> str:
    """The words in the reader's language, English where there are no others."""
    return spanish if spanish and get_language() == "es" else english


def path_in_language(path: str) -> str:
    """A path of this site, written in English, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    with override(settings.LANGUAGE_CODE):  # the path was written in it, and is only understood in it
        return translate_url(path, language)
