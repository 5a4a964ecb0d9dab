"""The words of a text with all names of places among them, and what stands around the names."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from search_index.analysis import words as words_of
from search_index.common_names import COMMON_NAMES
from search_index.documents import PlaceKind
from search_index.gazetteer import KINDS, Gazetteer, Point, name_words

Taken = Callable[[int, int], bool]

STATE, COUNTY, CITY, ZIP = (
    KINDS.index(kind) for kind in (PlaceKind.STATE, PlaceKind.COUNTY, PlaceKind.CITY, PlaceKind.ZIP)
)

_MOST_WORDS = 64
_LONGEST_NAME = 5
_CODE_LENGTH = 2
_LONGER_THAN_SMALL_WORDS = 3
_HOME_KM = 25.0

_APOSTROPHES = re.compile("['’‘ʼ`´]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")

# "la grange" may be written for "LaGrange", but "rent on" not for "Renton".
_PARTICLES = frozenset(words_of("mc mac la le las los el de del du des d o van l"))
_KINDS_OF_COUNTY = {"condado": "county", "county": "county", "municipio": "municipio"}

_ARTICLES = frozenset(words_of("the el la downtown greater metro metropolitan"))
_TITLES = frozenset(words_of("city town village state ciudad pueblo estado area"))
_NEXT = frozenset(words_of("close next outside cerca alrededor afuera"))
_OF_OR_TO = frozenset(words_of("of to de"))
_IN_WORDS = frozenset(words_of("in near nearby around inside outside within serving en cerca"))
_FOR_WORDS = frozenset(words_of("at by for para"))
_BEFORE_PEOPLE = frozenset(
    words_of(
        "for para por named called llamado llamada mr mrs ms miss sr sra son sons daughter child"
        " baby brother sister mother mom father dad parent husband wife partner spouse fiance"
        " boyfriend girlfriend friend neighbor cousin uncle aunt nephew niece grandson"
        " granddaughter grandma grandpa grandmother grandfather client patient student roommate"
        " hijo hija nino nina bebe hermano hermana mama papa madre padre esposo esposa marido"
        " novio novia amigo amiga primo prima tio tia sobrino sobrina nieto nieta abuelo abuela"
    )
)
_OF_WORDS = frozenset(words_of("of de"))
_TO_WORDS = frozenset(words_of("to from a desde hacia"))
_AREAS = frozenset(words_of("area metro region usa"))
_AFTERTHOUGHTS = _AREAS | frozenset(
    words_of("please now today tonight asap por favor ahora hoy urgente near me cerca de mi")
)


class Lead(Enum):
    """What stands before a name: nothing that tells, or a word such as the one named here."""

    NOTHING = 0
    FOR = 1
    OF = 2
    IN = 3
    TO = 4


class Name(NamedTuple):
    """A run of words that is the name of places, their rows in the gazetteer, and their kinds."""

    start: int
    end: int
    key: str
    rows: range
    kinds: list[int]

    @property
    def is_code(self) -> bool:
        """Whether it is the postal code of a state."""
        return len(self.key) == _CODE_LENGTH and self.kinds[0] == STATE

    def rows_of(self, first: int, last: int) -> range:
        """The rows from the first kind to the last."""
        return self.rows[bisect_left(self.kinds, first) : bisect_right(self.kinds, last)]


class PlaceText:
    """The words of a text, and the names of places in them by start, the longest first.

    `whole_names` are those that are no part of a longer one.
    """

    def __init__(
        self,
        words: Sequence[str],
        gazetteer: Gazetteer,
        written: Sequence[str],
        near: Point | None,
        taken: Taken,
    ) -> None:
        self.words = tuple(words[:_MOST_WORDS])
        self.gazetteer = gazetteer
        self.near = near
        self.taken = taken
        self._written = written
        self.names = list(self._all_names())
        self.whole_names = list(_whole(self.names))

    def before(self, start: int) -> tuple[int, Lead]:
        """Where a name starts with what belongs to it ("in the city of"), and what leads it."""
        words = ("", "", *self.words[:start])
        while words[-1] in _ARTICLES or (words[-1] in _OF_WORDS and words[-2] in _TITLES):
            words = words[:-1] if words[-1] in _ARTICLES else words[:-2]
        start, word = len(words) - 2, words[-1]
        if word in _OF_OR_TO and words[-2] in _NEXT:
            return start - 2, Lead.IN
        if word in _IN_WORDS:
            return start - 1, Lead.IN
        if word in _FOR_WORDS:
            return start - 1, Lead.FOR
        if word in _OF_WORDS:
            return start - 1, Lead.OF
        return start, Lead.TO if word in _TO_WORDS else Lead.NOTHING

    def after(self, end: int) -> int:
        """Where a name ends with what belongs to it ("Chicago area")."""
        while end < len(self.words) and self.words[end] in _AREAS:
            end += 1
        return end

    def is_last(self, end: int) -> bool:
        """Whether nothing follows that matters."""
        return all(word in _AFTERTHOUGHTS for word in self.words[end:])

    def is_doubtful(self, name: Name) -> bool:
        """Whether the words of a name have another meaning."""
        return name.key in COMMON_NAMES or self.taken(name.start, name.end)

    def is_somebody(self, name: Name) -> bool:
        """Whether a name is rather that of a person: "for Austin", "my son Austin"."""
        return name.start > 0 and self.words[name.start - 1] in _BEFORE_PEOPLE

    def is_upper(self, name: Name) -> bool:
        """Whether a name is written in capitals, and not all of the text is."""
        upper = self._written[name.start : name.end]
        return bool(upper) and "".join(upper).isupper() and self._has_small_words(name)

    def is_capitalized(self, name: Name) -> bool:
        """Whether a name is written like one, and not all other words are too."""
        own = self._written[name.start : name.end]
        return bool(own) and all(word[:1].isupper() for word in own) and self._has_small_words(name)

    def is_home(self, row: int) -> bool:
        """Whether the person is in this place or beside it."""
        if self.near is None:
            return False
        return bool(self.gazetteer.km_from(slice(row, row + 1), self.near)[0] <= _HOME_KM)

    def _has_small_words(self, name: Name) -> bool:
        """Whether other words are in small letters; those that titles write so do not count."""
        others = (*self._written[: name.start], *self._written[name.end :])
        return any(word.islower() and len(word) > _LONGER_THAN_SMALL_WORDS for word in others)

    def _all_names(self) -> Iterator[Name]:
        full = name_words(self.words)
        for start in range(len(full)):
            found = self._counties_named_first(full, start)
            key = ""
            for end in range(start + 1, min(start + _LONGEST_NAME, len(full)) + 1):
                key += full[end - 1]
                rows = self.gazetteer.rows(key)
                if rows and self._is_spelt(full[start:end], rows[0]):
                    found.append(self._name(start, end, key, rows))
            yield from reversed(found)

    def _counties_named_first(self, full: list[str], start: int) -> list[Name]:
        """Counties as they are called in Spanish: "condado de Cook"."""
        kind = _KINDS_OF_COUNTY.get(full[start])
        if kind is None:
            return []
        is_of = full[start + 1 : start + 2] in (["of"], ["de"], ["del"])
        first = start + 2 if is_of else start + 1
        ends = range(first + 1, min(first + _LONGEST_NAME, len(full)) + 1)
        keys = ((end, "".join(full[first:end]) + kind) for end in ends)
        return [
            self._name(start, end, key, rows)
            for end, key in keys
            if (rows := self.gazetteer.rows(key))
        ]

    def _name(self, start: int, end: int, key: str, rows: range) -> Name:
        return Name(start, end, key, rows, self.gazetteer.kind[rows.start : rows.stop].tolist())

    def _is_spelt(self, found: list[str], row: int) -> bool:
        """Whether words may be written apart that are not so in the name."""
        return (
            len(found) == 1
            or len(found) <= self.gazetteer.name[row].count(b" ") + 1
            or found[0] in _PARTICLES
            or all(len(word) == 1 for word in found)
        )


def _whole(names: Sequence[Name]) -> Iterator[Name]:
    """The names that are no part of a longer one."""
    reach = 0
    for name in names:
        if name.end > reach:
            reach = name.end
            yield name


def as_written(text: str) -> list[str]:
    """Return the words of a text as they are typed, one for each word of `analysis.words`.

    Where the two do not go together a word is given folded.
    """
    found: list[str] = []
    for chunk in text.split():
        folded = list(words_of(chunk))
        pieces = [piece for piece in _BETWEEN_WORDS.split(_APOSTROPHES.sub("", chunk)) if piece]
        found += pieces if len(pieces) == len(folded) else folded
    return found
