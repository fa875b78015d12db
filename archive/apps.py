"""Which admin site Django registers the editors' desk with."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "cases.desk.site.Desk"
