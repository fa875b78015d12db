"""The editors' desk as a site: its first page, signing in, and what happens when a session has ended."""

from functools import update_wrapper
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from cases import limits, permissions, queue
from cases.desk import held, manual

# How often a sign-in may fail. Nobody is shut out for good: that would be a way to shut out others.
OF_ACCOUNT = limits.Limit("sign-in as", 10, 300)
OF_ADDRESS = limits.Limit("sign-in from", 10, 300)
OF_ALL = limits.Limit("sign-in of anybody", 1000, 300)


class Desk(admin.AdminSite):
    site_header = _("Editors' desk")
    site_title = _("Archive of Enforcement Announcements")
    index_title = _("What is to be done")

    def get_urls(self) -> list[Any]:
        return [path("manual/", self.admin_view(self.manual), name="manual"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """Show the editors' queue, and below it the lists."""
        context = {
            "waiting": queue.waiting(request.user),
            "can_add": permissions.may(request.user, permissions.Action.ADD),
            **(extra_context or {}),
        }
        return super().index(request, context)

    def manual(self, request: HttpRequest) -> HttpResponse:
        """Show the coding manual."""
        context = {**self.each_context(request), "title": _("How to code"), "manual": manual.html()}
        return render(request, "admin/manual.html", context)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a view as Django does, but keep what somebody has typed whose session has ended meanwhile."""
        guarded = super().admin_view(view, cacheable)

        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and held.is_kept(view) and not self.has_permission(request):
                typed = held.carried(request.POST)
                if typed:
                    return self._sign_in_again(request, typed)
            return guarded(request, *args, **kwargs)

        return update_wrapper(kept, guarded)

    def _sign_in_again(self, request: HttpRequest, typed: str) -> HttpResponse:
        request.method = "GET"  # to the login this is the first time that it is shown
        context = {
            held.CARRIED: typed,
            REDIRECT_FIELD_NAME: request.get_full_path(),
            "app_path": reverse("admin:login"),
        }
        response = super().login(request, context)
        response.status_code = 403
        return response

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sign somebody in, and lead them back to what they had typed, if the login carries it."""
        typed = request.POST.get(held.CARRIED, "")
        context = {held.CARRIED: typed, **(extra_context or {})}
        if request.method != "POST":
            return super().login(request, context)
        counted = [
            (OF_ACCOUNT, request.POST.get("username", "").strip().casefold()),
            (OF_ADDRESS, limits.address(request)),
            (OF_ALL, ""),
        ]
        wait = max(limit.wait(who) for limit, who in counted)
        if wait:
            return self._wait(request, wait, context)
        response = super().login(request, context)
        if not isinstance(response, HttpResponseRedirect):
            for limit, who in counted:
                limit.note(who)
        pairs = held.read(typed) if typed and isinstance(response, HttpResponseRedirect) else []
        if not pairs:
            return response
        page = held.page(request, self.each_context(request), pairs, response["Location"])
        page.cookies.update(response.cookies)
        return page

    def _wait(self, request: HttpRequest, seconds: int, context: dict[str, Any]) -> HttpResponse:
        """Say when the next attempt is taken. Before that not even the right password is looked at."""
        request.method = "GET"
        next_page = request.POST.get(REDIRECT_FIELD_NAME, "")
        response = super().login(request, {**context, "wait": (seconds + 59) // 60, REDIRECT_FIELD_NAME: next_page})
        response.status_code = 429
        response["Retry-After"] = str(seconds)
        return response

    def show_typed(self, request: HttpRequest) -> HttpResponse | None:
        """Offer a form of the desk again that came without a valid token: another tab has signed in since.

        None where what was sent is none of the desk's forms, or its sender has nothing to do there.
        """
        view = getattr(request.resolver_match.func, "__wrapped__", None) if request.resolver_match else None
        if request.method != "POST" or not held.is_kept(view) or not self.has_permission(request):
            return None
        typed = held.read(held.carried(request.POST))
        page = held.page(request, self.each_context(request), typed, request.get_full_path())
        page.status_code = 403
        return page


def desk() -> Desk:
    """Return the site that Django has registered the admin's models with."""
    return cast(Desk, admin.site)
