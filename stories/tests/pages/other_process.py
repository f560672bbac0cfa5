"""A second process of the site, for tests: answers requests that it is given line by line as JSON.

Run as `python -m stories.tests.pages.other_process`. Of each line it reads `address` and, if it is to have
another time, `now` (ISO 8601); it prints `status`, `text` (with the address that a redirect leads to) and the
number of `queries`.
"""

import json
import os
import sys
from datetime import datetime
from unittest.mock import patch


def main() -> None:
    """Answer until the input ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    client, now = Client(), timezone.now
    for line in sys.stdin:
        asked = json.loads(line)
        moment = datetime.fromisoformat(asked["now"]) if asked["now"] else None
        ContentType.objects.clear_cache()  # other tests have other numbers for the same types
        clock = patch.object(timezone, "now", lambda moment=moment: moment or now())
        with clock, CaptureQueriesContext(connection) as queries:
            answer = client.get(asked["address"])
        text = answer.get("Location", "") + answer.content.decode()
        said = {"status": answer.status_code, "text": text, "queries": len(queries)}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
