#!/usr/bin/env python
"""The command-line door to the project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018  (reading one setting loads them all)
    except ImproperlyConfigured as wrong:
        sys.exit(f"On the Record cannot start: {wrong}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
