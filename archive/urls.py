"""Addresses of the site: the editors' admin, the public pages, and what machines ask for."""

from django.contrib import admin
from django.urls import include, path

from cases import views

urlpatterns = [
    path("admin/", admin.site.urls),
    path("language/", views.set_language, name="set_language"),
    path("", include("cases.urls")),
]

handler400 = "cases.views.bad_request"
handler403 = "cases.views.forbidden"
handler404 = "cases.views.not_found"
handler500 = "cases.views.server_error"
