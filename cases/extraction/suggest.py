"""The one way in: what can be proposed for the text of a release."""

from cases.extraction.suggestions import Suggestions
from cases.extraction.vocabulary import Vocabulary


def suggest(text: str, vocabulary: Vocabulary, published: str | None = None) -> Suggestions:
    """Return what is proposed for a text in English or Chinese. Nothing is saved, nothing but the text is read.

    `published` is the partial date of publication (EDTF), by which "in June this year" is understood; without it the
    date that the text itself gives is taken. Raise ``PartialDateError`` if it is none.
    """
    language = "zh" if sum("一" <= c <= "鿿" for c in text) * 4 > len(text) else "en"
    title = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return Suggestions(language, title, published, None, (), (), (), (), (), ())
