"""Celery's workers and its clock: `celery -A newsroom worker`, `celery -A newsroom beat`.

Web processes do not load this: they send tasks with `stories.task_queue`.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

app = Celery("newsroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["stories"])
# Without Celery the same commands run by cron or systemd's timers: .deploy has them.
app.conf.beat_schedule = {
    "imports": {"task": "stories.take_up_imports", "schedule": 60.0, "options": {"expires": 50}},
    "data": {"task": "stories.write_data", "schedule": crontab(minute="*/15"), "options": {"expires": 800}},
    "similar": {
        "task": "stories.index_claims",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    "sizes": {"task": "stories.make_sizes", "schedule": crontab(minute="*/10"), "options": {"expires": 500}},
    "backup": {"task": "stories.back_up", "schedule": crontab(hour="3", minute="30")},
    "tidy": {"task": "stories.tidy", "schedule": crontab(hour="4", minute="30")},
}
