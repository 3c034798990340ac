"""The one admin site of the program, apart from what is registered on it: Django makes it before any admin module."""

from unfold.sites import UnfoldAdminSite


class StaffSite(UnfoldAdminSite):
    """The staff site; its look and its menu are settings."""

    index_title = "Today"
