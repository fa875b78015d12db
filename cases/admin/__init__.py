"""The editors' desk. Importing the modules registers their models with Django's admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cases.admin import announcement, intake, vocabulary

__all__ = ["announcement", "intake", "vocabulary"]

admin.site.site_header = _("Editors' desk")
admin.site.site_title = _("Archive of Enforcement Announcements")
admin.site.index_title = _("What would you like to enter?")
