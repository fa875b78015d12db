"""The app: its name, and the system checks that come with it."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from cases import checks  # noqa: F401  (registers the system checks)


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("archive")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_settle, sender=self)


def _settle(**kwargs: Any) -> None:
    """Find the verdicts of what was public before there were any, or before their rule was another one."""
    import_string("cases.verdicts.settle_what_is_due")()  # there are models only once the applications are loaded
