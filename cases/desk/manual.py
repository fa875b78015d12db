"""The coding manual, as it stands in `docs/editors.md`, as a page of the desk."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE = Path(settings.BASE_DIR) / "docs" / "editors.md"


@cache
def html() -> SafeString:
    """Return the manual as HTML. Its pictures are described instead of shown; links to other files are plain words."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(SOURCE.read_text(encoding="utf-8"))
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            before.attrs["id"] = _anchor(token.content)
        token.children = [_plain(child) for child in token.children or []] if token.children else token.children
    return mark_safe(markdown.renderer.render(_without_title(tokens), markdown.options, {}))  # noqa: S308  (our own text)


def _without_title(tokens: list[Token]) -> list[Token]:
    end = next(i for i, token in enumerate(tokens) if token.type == "heading_close")
    return tokens[end + 1 :]


def _plain(token: Token) -> Token:
    """Take an inline token as it is, but a picture, or a link to a file that the desk does not serve, as text."""
    if token.type == "image":
        return Token("text", "", 0, content=token.content)
    if token.type == "link_open" and not re.match(r"#|https?:", str(token.attrs.get("href", ""))):
        token.tag, token.attrs = "span", {}
    return token


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
