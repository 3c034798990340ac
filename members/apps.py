"""The app's name for Django, and the one signal it listens to."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"

    def ready(self) -> None:
        import members.receivers  # noqa: F401, PLC0415 - connects django-anymail's signal once models are loaded
