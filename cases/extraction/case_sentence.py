"""What is seen in one sentence when cases are looked for."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """A sentence of the text, or a part of one in which an example begins, with the cues in it."""

    start: int  # its first letter
    end: int
    opener: bool  # opens with words for a case: "In one case"
    example: bool  # says that an example comes
    among: bool  # says that a part of what was told comes
    report: bool  # somebody reported it, or it was found
    act: bool  # something was done by those who investigate
    strike: bool  # and that was a round-up
    one: str | None  # words for one case, gang, thing or person that was not told of before
    name: bool  # and they are no more than a name
    gang: bool  # that one is a gang
    opens: bool  # it begins with that one
    subject: bool  # a place itself did it to one case: "Xuzhou cracked …", 徐州侦破……案
    many: bool  # counts what was gone through, more than one case has of it
    few: bool  # counts persons that were caught, no more than one case can have
    somewhere: bool
    where: frozenset[str]  # the codes of the places that it names
    whose: frozenset[str] | None  # begins with a place, or an authority of a place: with the codes where they are known
    when: bool
    total: bool  # counts what was done everywhere
    sum: bool  # adds up
    general: bool  # tells of no one case
    force: str | None  # the name of the force or place that it begins with, if that acts, or of the defendant
    goes_on: bool  # begins as one that goes on with what was told
    named: tuple[tuple[int, int], ...]  # where cases stand that it only names, among those that it counts
