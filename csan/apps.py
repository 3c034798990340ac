"""The project as an app: its commands and tasks, and the staff site that replaces Django's own."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import register

from csan.checks import boxes_leave_from_somewhere, theme_can_be_read, theme_is_whole


class CsanConfig(AppConfig):
    """Holds the commands that see every app."""

    name = "csan"
    verbose_name = "Customer Service Action Network"

    def ready(self) -> None:
        register(theme_can_be_read)
        register(boxes_leave_from_somewhere)
        register(theme_is_whole)


class StaffSiteConfig(AdminConfig):
    """Makes `csan.staff_site.StaffSite` the one admin site."""

    default_site = "csan.staff_site.StaffSite"
