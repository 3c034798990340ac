"""The app's name for Django."""

from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
