"""The catalogue of translations: find the strings, keep the .po in step, compile the .mo.

    .venv/bin/python tools/messages.py            update locale/…/django.po and compile it
    .venv/bin/python tools/messages.py --check    change nothing; fail if either file is behind
    .venv/bin/python tools/messages.py --missing  list what is not translated yet

Both files are kept in the repository, since GNU gettext is not on every machine: this needs polib only. A string that
is no longer used keeps its translation at the end of the file, marked obsolete, and gets it back if it returns.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

BASE = Path(__file__).resolve().parent.parent
PO = BASE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
PYTHON = ("cases/**/*.py", "archive/*.py")
TEMPLATES = ("templates/**/*.html",)
METADATA = {
    "Project-Id-Version": "Archive of Enforcement Announcements",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
WIDTH = 120

# What each function of django.utils.translation takes: the places of context, singular and plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\(")
_PERCENT = re.compile(r"%(?:\(\w+\))?[#0\- +]*(?:\d+|\*)?(?:\.\d+)?[diouxXeEfFgGcrsa]")

# Strings of Django's own that its Chinese does not have yet: (singular, plural).
DJANGO = (
    ("%(model)s instance with %(field)s %(value)r is not a valid choice.", ""),
    ("Add link", ""),
    ("After you’ve created a user, you’ll be able to edit more user options.", ""),
    ("Change or view list link", ""),
    ("Error:", ""),
    ("Forgotten your login credentials?", ""),
    ("Model name", ""),
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)

Key = tuple[str | None, str]


class MessageError(Exception):
    """A string that cannot be translated as it is written; the message names file and line."""


@dataclass
class Message:
    """One string to translate, and the files that show it."""

    text: str
    plural: str = ""
    context: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.text


def messages() -> dict[Key, Message]:
    """Find every string marked for translation, in Python and in templates, and those that Django lacks."""
    found: dict[Key, Message] = {(None, text): Message(text, plural, files={"django"}) for text, plural in DJANGO}
    for patterns, read in ((PYTHON, in_python), (TEMPLATES, in_template)):
        for path in sorted(path for pattern in patterns for path in BASE.glob(pattern)):
            name = path.relative_to(BASE).as_posix()
            if "/migrations/" in name:
                continue
            for message in read(path.read_text(encoding="utf-8"), name):
                known = found.setdefault(message.key, message)
                if message.plural and known.plural and message.plural != known.plural:
                    raise MessageError(f"{name}: {message.text!r} has two plurals")
                known.plural = known.plural or message.plural
                known.files.add(name)
    return found


def in_python(source: str, name: str) -> Iterator[Message]:
    """Find the strings of a module, whatever name it imports the functions under."""
    tree = ast.parse(source, name)
    called: dict[str, tuple[int | None, int, int | None]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if (function := alias.name.removesuffix("_lazy")) in FUNCTIONS:
                    called[alias.asname or alias.name] = FUNCTIONS[function]
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called):
            continue
        context, text, plural = (
            None if place is None else _literal(node, place, name) for place in called[node.func.id]
        )
        if text:
            yield Message(text, plural or "", context)


def _literal(call: ast.Call, place: int, name: str) -> str:
    argument = call.args[place] if place < len(call.args) else None
    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
        raise MessageError(f"{name}:{call.lineno}: what is translated must be a plain string")
    return argument.value


def in_template(source: str, name: str) -> Iterator[Message]:
    """Find the strings of a template, in the tags of Django's i18n and in _("…")."""
    text = templatize(source, origin=name)
    for call in _CALL.finditer(text):
        arguments = _strings(text, call.end())
        if not arguments:
            continue
        context, singular, plural = FUNCTIONS["gettext" if call[1] == "_" else call[1]]
        yield Message(
            arguments[singular],
            "" if plural is None else arguments[plural],
            None if context is None else arguments[context],
        )


def _strings(text: str, at: int) -> list[str]:
    """Read the string literals that follow, with commas between them."""
    found = []
    literal = re.compile(r"""\s*(u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\s*,?""", re.DOTALL)
    while match := literal.match(text, at):
        found.append(ast.literal_eval(match[1]))
        at = match.end()
    return found


def catalogue(found: dict[Key, Message]) -> polib.POFile:
    """Return the .po as it must be: the strings in the order of the files, with the translations that there are."""
    old = polib.pofile(str(PO), encoding="utf-8") if PO.exists() else polib.POFile()
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=WIDTH)
    new.metadata = dict(METADATA)
    for message in sorted(found.values(), key=lambda m: (min(m.files), m.text, m.context or "")):
        entry = known.pop(message.key, None)
        translation = "" if entry is None else entry.msgstr_plural.get(0, "") or entry.msgstr
        new.append(
            polib.POEntry(
                msgctxt=message.context,
                msgid=message.text,
                msgid_plural=message.plural,
                msgstr="" if message.plural else translation,
                msgstr_plural={0: translation} if message.plural else {},
                occurrences=[(file, "") for file in sorted(message.files)],
                flags=["python-format"] if _PERCENT.search(message.text + message.plural) else [],
                tcomment="" if entry is None else entry.tcomment,
            )
        )
    for entry in sorted(known.values(), key=lambda e: (e.msgid, e.msgctxt or "")):
        if entry.msgstr or entry.msgstr_plural.get(0):
            entry.obsolete, entry.occurrences, entry.flags = True, [], []
            new.append(entry)
    return new


def missing(po: polib.POFile) -> Iterable[polib.POEntry]:
    """Return the strings without a translation."""
    return [e for e in po if not e.obsolete and not (e.msgstr or e.msgstr_plural.get(0))]


def main() -> int:
    parser = argparse.ArgumentParser(description="Keep the catalogue of translations in step with the code.")
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a file is behind")
    parser.add_argument("--missing", action="store_true", help="change nothing; list what is not translated")
    options = parser.parse_args()
    po = catalogue(messages())
    untranslated = missing(po)
    if options.missing:
        for entry in untranslated:
            print(f"{entry.occurrences[0][0]}: {entry.msgid}")
        return 1 if untranslated else 0
    text, compiled = str(po) + "\n", po.to_binary()
    mo = PO.with_suffix(".mo")
    if options.check:
        behind = [
            path.relative_to(BASE).as_posix()
            for path, content in ((PO, text.encode()), (mo, compiled))
            if not path.exists() or path.read_bytes() != content
        ]
        if behind:
            print(f"behind: {', '.join(behind)}; run tools/messages.py", file=sys.stderr)
        return 1 if behind else 0
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(text, encoding="utf-8")
    mo.write_bytes(compiled)
    used = [entry for entry in po if not entry.obsolete]
    print(f"{len(used)} strings, {len(list(untranslated))} not translated, {len(po) - len(used)} obsolete")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MessageError as error:
        sys.exit(str(error))
