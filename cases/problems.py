"""What all formats for programs have in common: problem documents (RFC 9457), and that any script may read them."""

from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

Response = TypeVar("Response", bound=HttpResponseBase)
EXPOSED = "Accept-Ranges, Content-Disposition, Content-Range, ETag, X-Data-Version, X-Total-Count"


def problem(status: int, title: str, detail: str, **members: Any) -> HttpResponse:
    """Answer with a problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return json_response(body, status=status, content_type="application/problem+json")


class Asked(Protocol):
    """What parameters were given to."""

    errors: list[tuple[str, str]]


def problem_response(results: Asked) -> HttpResponse:
    """Answer 400 and name each parameter in error."""
    detail = "; ".join(f"{name} {message}" for name, message in results.errors)
    errors = [{"parameter": name, "detail": message} for name, message in results.errors]
    return problem(400, _("The parameters are in error"), detail, errors=errors)


def json_response(body: dict[str, Any], status: int = 200, content_type: str = "application/json") -> HttpResponse:
    response = JsonResponse(body, status=status, content_type=content_type, json_dumps_params={"ensure_ascii": False})
    return readable_anywhere(response)


def readable_anywhere(response: Response) -> Response:
    """Let scripts of other sites read an answer. It says nothing that depends on who asks."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response


def not_modified(request: HttpRequest, tag: str) -> HttpResponseBase | None:
    """Return the answer to whoever has it already what the tag is of, or to who asks for another; else None."""
    response = get_conditional_response(request, etag=tag)
    if response is None:
        return None
    response["ETag"] = tag
    return readable_anywhere(response)


def tagged(response: Response, tag: str) -> Response:
    """Say of which data an answer is. It may be kept, and is asked for again."""
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


def site_of(request: HttpRequest) -> str:
    """Return the address of the site, as its reader wrote it."""
    return request.build_absolute_uri("/").rstrip("/")
