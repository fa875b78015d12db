#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import sys

# They read files only, so they run where there is neither a database nor a configuration.
WITHOUT_DATABASE = ("suggest",)


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in WITHOUT_DATABASE:
        os.environ.setdefault("DATABASE_URL", "postgresql://nowhere/nothing")
        os.environ.setdefault("SECRET_KEY", "nothing is signed")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    os.environ.setdefault("STATEMENT_TIMEOUT_MS", "0")  # the limit is meant for pages
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
