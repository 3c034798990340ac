"""Sample content into an empty database."""

from typing import Any

from django.core.management.base import BaseCommand

from csan import sample


class Command(BaseCommand):
    """`manage.py load_sample`; `make run` calls it on the first start."""

    help = "Put the sample content in, where there is no content yet."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sample.load()
        except sample.NotEmpty:
            self.stdout.write("There is content already; nothing was changed.")
        else:
            self.stdout.write("The sample content is in.")
