"""The app's name for Django, and what it offers to others."""

from django.apps import AppConfig

from csan.lib import offers, personal_data


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns.offers import acts, looked_back, offered  # noqa: PLC0415 - its models are not loaded before
        from campaigns.personal_data import of_mailbox  # noqa: PLC0415 - nor are its

        offers.register(offers=offered, acts=acts)
        offers.register(offers=looked_back)
        personal_data.register("registrations", of_mailbox)
