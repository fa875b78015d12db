"""The site's own settings, with what only tests need: no pool (databases are copied), plain static files."""

from archive.settings import *  # noqa: F403
from archive.settings import DATABASES, STORAGES

DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
