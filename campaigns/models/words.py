"""What the texts and paths of campaigns and weeks have in common: addresses of this site, help texts, drawings."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

# A path of this site. Two slashes would begin another site's address; browsers read a backslash as a slash and skip
# white space.
OWN_PATH = r"^/([^/\\\s][^\\\s]*)?$"
IS_OWN_PATH = RegexValidator(OWN_PATH, _("A path on this site begins with one slash."))
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
