"""The site's own settings, with what only tests need: no pool (databases are copied), plain static files."""

from archive.settings import *  # noqa: F403
from archive.settings import BASE_DIR, DATABASES, STORAGES

DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PACKAGES_DIR = BASE_DIR / "tests" / "packages"  # one of long ago, which must stay readable
SITE_URL = "https://archive.example.org"
