"""What was typed is not lost to a session that has ended: it is carried through signing in, and shown again unsaved."""

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

HELD = "_held"  # in a POST: show what is in it, and save nothing
CARRIED = "held"  # in the form of the login: what was typed before, as JSON
_NOT_TYPED = ("csrfmiddlewaretoken", HELD)


class KeepsTyped(admin.ModelAdmin):
    """An admin whose form, sent with the mark of what was held, is shown as it was typed and not saved."""

    kept_views: tuple[str, ...] = ("add_view", "change_view")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (_ShownAgain, form), {}) if HELD in request.POST else form


class _ShownAgain:
    """A form that is shown again whatever is in it."""

    def clean(self) -> Any:
        cleaned = super().clean()  # type: ignore[misc]
        self.add_error(None, ValidationError(_("This is what you typed. Nothing of it is saved yet.")))  # type: ignore[attr-defined]
        return cleaned


def is_kept(view: Any) -> bool:
    """Say whether a view of the desk is a form of which the typed is kept."""
    owner = getattr(view, "__self__", None)
    return isinstance(owner, KeepsTyped) and view.__name__ in owner.kept_views


def carried(data: QueryDict) -> str:
    """Return what was typed as the login's form carries it; empty if there is nothing."""
    typed = [(name, value) for name, values in data.lists() if name not in _NOT_TYPED for value in values]
    return json.dumps(typed, ensure_ascii=False) if typed else ""


def read(text: str) -> list[tuple[str, str]]:
    """Return what the login's form has carried; nothing if it has been tampered with."""
    try:
        pairs = json.loads(text)
        return [(name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)]
    except (ValueError, TypeError, RecursionError):
        return []


def page(request: HttpRequest, context: dict[str, Any], typed: list[tuple[str, str]], address: str) -> HttpResponse:
    """Offer to go back to what was typed: one button, which sends it all to its form and saves nothing."""
    context |= {"title": _("What you typed is still here"), "typed": typed, "address": address, "held": HELD}
    return render(request, "admin/held.html", context)
