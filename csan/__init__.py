"""The project: settings, addresses, the home page, the staff site. `csan.lib` is the ground floor."""

from csan.celery import app as celery_app

__all__ = ["celery_app"]
