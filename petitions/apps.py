"""The app's name for Django, and what it offers to others."""

from django.apps import AppConfig

from csan.lib import offers, personal_data


class PetitionsConfig(AppConfig):
    name = "petitions"

    def ready(self) -> None:
        from petitions.offers import acts, offered  # noqa: PLC0415 - its models are not loaded before
        from petitions.personal_data import of_mailbox  # noqa: PLC0415 - nor are its

        offers.register(offers=offered, acts=acts)
        personal_data.register("signatures", of_mailbox)
