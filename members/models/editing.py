"""What several people edit at the same time: each row counts its edits, so that nobody undoes another's unseen."""

from django.conf import settings
from django.db import models


class Edited(models.Model):
    """A row whose words staff edit. A form brings back the `version` it was filled from; if that is old, look again.

    `edited_at` is empty while the words are those that the program suggested.
    """

    version = models.PositiveIntegerField(default=1, editable=False, help_text="1 as made; each edit adds one.")
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_edited(self) -> bool:
        """Whether somebody has put words of their own into it."""
        return self.edited_at is not None

    @property
    def editor_name(self) -> str:
        """Who edited it last, as colleagues call them."""
        by = self.edited_by
        return (by.get_full_name() or by.get_username()) if by else "Somebody"
