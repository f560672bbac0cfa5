"""Handing work to Celery's workers, where CELERY_BROKER_URL names a broker.

Celery is loaded when the first task is sent: a web process that sends none does not need it.
"""

import socket
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["Away", "is_on", "reach", "send"]

# Seconds that somebody who sends a task waits for a broker that does not answer.
PATIENCE = 2
PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


class Away(Exception):
    """The broker does not answer. What was to be done waits."""


def is_on() -> bool:
    """Whether there is a broker; without one everything is done by whoever asks for it."""
    return bool(settings.CELERY_BROKER_URL)


def send(task: str, *arguments: Any) -> None:
    """Put a task into its queue, by its name in `stories.tasks`. Raises Away."""
    from kombu.exceptions import OperationalError

    try:
        _sender().send_task(f"stories.{task}", args=arguments, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        raise Away("The queue does not answer.") from error


def reach() -> None:
    """Open a connection to the broker's port and close it. Raises Away."""
    address = urlsplit(settings.CELERY_BROKER_URL)
    where = address.hostname or "127.0.0.1", address.port or PORTS[address.scheme]
    try:
        socket.create_connection(where, timeout=PATIENCE).close()
    except OSError as error:
        raise Away("The queue does not answer.") from error


@cache
def _sender() -> "Celery":
    """An app that only sends, and does not wait long: a person may be waiting for it."""
    from celery import Celery

    app = Celery("sender", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_connection_timeout = PATIENCE
    if urlsplit(settings.CELERY_BROKER_URL).scheme.startswith("redis"):
        app.conf.broker_transport_options = app.conf.broker_transport_options | {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry_on_timeout": False,
        }
    return app
