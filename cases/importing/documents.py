"""Documents as editors have them, plain text, HTML or Word, read as the text that they show."""

import re
import zipfile
from html import unescape
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from cases.importing.files import UnreadableError, in_memory
from cases.importing.limits import MOST_MEMBERS, MOST_UNPACKED

SUFFIXES = (".txt", ".html", ".htm", ".docx")
_BLOCKS = frozenset(
    [
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tr", "ul"),
    ]
)
_UNSEEN = frozenset(
    (
        "head",
        "title",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "textarea",
        "select",
        "button",
    )
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_TAG = re.compile(r"<(?:!--|[!?]|(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*))")
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk"}


def text_of(name: str, content: bytes) -> str:
    """Return the text of a document, by the end of its name. Raises UnreadableError with what is wrong with it."""
    lower = name.lower()
    if lower.endswith(".docx"):
        text = _of_docx(content)
    elif lower.endswith((".html", ".htm")):
        text = _of_html(content)
    else:
        text = in_memory(name, content, MOST_UNPACKED).read()
    text = tidy(text)
    if not text.strip():
        raise UnreadableError(_("holds no text"))
    return text


def tidy(text: str) -> str:
    """Return a text with line ends of one kind and without what no text holds. Raises UnreadableError."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise UnreadableError(_("holds NUL characters: it is not a text"))
    return text


class _Shown:
    """Collects what a page shows, each block on lines of its own. In linear time, whatever is not closed in it.

    The parser of the standard library is not used: some of its versions take quadratic time for what is left open.
    """

    def __init__(self, page: str) -> None:
        self.parts: list[str] = []
        self.unseen = ""
        at = 0
        while (tag := page.find("<", at)) >= 0:
            self._text(page[at:tag])
            at = self._tag(page, tag)
        self._text(page[at:])

    def _text(self, text: str) -> None:
        if text and not self.unseen:
            self.parts.append(re.sub(r"[ \t\r\n\f]+", " ", unescape(text)))

    def _tag(self, page: str, at: int) -> int:
        """Read what begins with "<" and return where the page goes on; what is not closed reaches to its end."""
        match = _TAG.match(page, at)
        if match is None:
            self._text("<")
            return at + 1
        close = "-->" if match[0] == "<!--" else ">"
        end = page.find(close, match.end())
        name = (match["name"] or "").lower()
        if match["slash"]:
            self._closed(name)
        elif name:
            self._opened(name)
        return len(page) if end < 0 else end + len(close)

    def _opened(self, name: str) -> None:
        if name == "body":
            self.unseen = ""  # the head need not be closed
        elif name in _UNSEEN:
            self.unseen = self.unseen or name
        elif name in _BLOCKS:
            self.parts.append("\n")
        elif name in ("td", "th"):
            self.parts.append("\t")

    def _closed(self, name: str) -> None:
        if name == self.unseen:
            self.unseen = ""
        elif name in _BLOCKS:
            self.parts.append("\n")


def _of_html(content: bytes) -> str:
    declared = _CHARSET.search(content[:4096])
    file = in_memory("", content, MOST_UNPACKED)
    if declared and declared[1].decode().lower() in _CHINESE:
        text = content.decode("gb18030", "replace")
    else:
        text = file.read()
    page = _Shown(text)
    lines = [re.sub(" +", " ", line).strip(" ") for line in "".join(page.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _of_docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            members = packed.infolist()
            if len(members) > MOST_MEMBERS:
                raise UnreadableError(_("holds more than %(n)d files") % {"n": MOST_MEMBERS})
            if sum(member.file_size for member in members) > MOST_UNPACKED:
                raise UnreadableError(_("holds more than %(n)d MB") % {"n": MOST_UNPACKED // 1_000_000})
            with packed.open("word/document.xml") as document:
                body = document.read(MOST_UNPACKED + 1)
        if len(body) > MOST_UNPACKED:
            raise UnreadableError(_("holds more than %(n)d MB") % {"n": MOST_UNPACKED // 1_000_000})
        return _Paragraphs().read(body)
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, RuntimeError, NotImplementedError) as problem:
        raise UnreadableError(_("is not a Word document (.docx): %(problem)s") % {"problem": problem}) from problem
    except expat.ExpatError as problem:
        raise UnreadableError(_("is not a whole Word document: %(problem)s") % {"problem": problem}) from problem


class _Paragraphs:
    """Reads the text of WordprocessingML: runs of text, tabs, line breaks, paragraphs; what was deleted is left out."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.in_text = False

    def read(self, body: bytes) -> str:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(body, True)
        return "".join(self.parts)

    def _start(self, name: str, attributes: object) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t":
            self.in_text = True
        elif tag in ("br", "cr"):
            self.parts.append("\n")
        elif tag == "tab":
            self.parts.append("\t")

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "t":
            self.in_text = False
        elif tag == "p":
            self.parts.append("\n")

    def _data(self, data: str) -> None:
        if self.in_text:
            self.parts.append(data)

    def _refuse(self, *declared: object) -> None:
        raise UnreadableError(_("declares a document type, as no Word document does"))
