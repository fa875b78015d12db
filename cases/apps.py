"""The app: its name, and the system checks that come with it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cases import checks  # noqa: F401  (registers the system checks)


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("archive")
    default_auto_field = "django.db.models.BigAutoField"
