"""The app's name for Django, and what it offers to others."""

from django.apps import AppConfig

from csan.lib import offers


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        from petitions.offers import acts, offered  # noqa: PLC0415 - its models are not loaded before

        offers.register(offers=offered, acts=acts)
