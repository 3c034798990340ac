"""The Celery app. Celery is the bell that says "look"; what there is to do stands in PostgreSQL.

The beat schedule is `csan/timetable.py`: intervals only, each tick safe to repeat.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "csan.settings")

app = Celery("csan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
