"""A place in the words of a search: "food bank in Cicero", "dentist 60629", "comida en Chicago".

To take a word for a place that is none spoils a search; to miss a place leaves its words to the
text of the listings. So a name needs evidence: a state, a preposition, or the end of the text;
and names that are everyday words, or belong to a phrase that means something else, need more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search_index.analysis import words as words_of
from search_index.common_names import COMMON_NAMES, PARTS_OF_NAMES
from search_index.documents import NamedPlace
from search_index.gazetteer import Gazetteer, Point
from search_index.place_choice import LARGE, choose
from search_index.place_text import CITY, COUNTY, STATE, ZIP, Lead, Name, PlaceText, Taken
from search_index.right_words import is_name

_KNOWN = 3.0
_EXTENSION_LENGTH = 4
_ZIP_WORDS = frozenset(words_of("zip code zipcode codigo postal"))
_COUNTY_WORDS = ("county", "parish", "borough", "municipio", "area", "municipality")

# Postal codes that are words too: "shelter in Columbus in winter", "help with reading, ok".
_CODES_LIKE_LINKS = frozenset(words_of("in or me de la al as hi ok oh"))
_CODES_LIKE_ENDS = frozenset(words_of("in or me hi ok oh as id va ms md"))

# By themselves these mean nothing else; of the others some are never a state ("get an ID").
_PLAIN_CODES = frozenset(
    words_of(
        "ak ar az ca dc fl ga gu il ks ky mn mt nc nd nh nj nm nv ny pr ri sc sd tn tx ut vt wa"
        " wi wv wy"
    )
)
_NEVER_STATES = frozenset(words_of("me id va la"))

# Before these a name is that of a street or a building: "near Lincoln Elementary".
_NAMES_GO_ON = frozenset(
    words_of(
        "st street ave avenue rd road blvd boulevard drive lane park square elementary school"
        " schools high middle hospital university college church library station airport jail"
        " prison"
    )
)


@dataclass(frozen=True, slots=True)
class PlaceInWords:
    """A place, and the run of words that names it, with its preposition.

    `leading` tells that it may be part of the name of an organization, since it stands before
    other words ("Chicago Legal Clinic") or after "of": the words should stay in the search.
    `sure` tells that the words leave no doubt that a place is meant: a ZIP code, a county, a
    state, "in". Others may be people, and quarters of cities that the gazetteer lacks.
    """

    start: int
    end: int
    place: NamedPlace
    leading: bool = False
    sure: bool = False


def _is_never_taken(start: int, end: int) -> bool:
    return False


def find_place(
    words: Sequence[str],
    gazetteer: Gazetteer,
    *,
    written: Sequence[str] = (),
    near: Point | None = None,
    taken: Taken = _is_never_taken,
) -> PlaceInWords | None:
    """Return the place in folded words (see `analysis.words`), None when none is sure.

    `written` are the same words as typed (`as_written`), whose capitals are evidence. `near` is
    where the person is. `taken(start, end)` tells whether any of these words belongs to a phrase
    that means something else. Any words will do; only the first 64 are read. Raises ValueError
    for written words of another number.
    """
    if written and len(written) != len(words):
        raise ValueError(f"{len(words)} words cannot be written as {len(written)}.")
    text = PlaceText(words, gazetteer, written, near, taken)
    if not text.names:
        return None
    return (
        _zip(text)
        or _name_and_state(text)
        or _county(text)
        or _after_preposition(text)
        or _at_the_end(text)
        or _leading(text)
    )


def _zip(text: PlaceText) -> PlaceInWords | None:
    """A ZIP code, with its city and state beside it."""
    words = text.words
    for name in text.names:
        rows = name.rows_of(ZIP, ZIP)
        if rows:
            start, end = name.start, name.end
            if end < len(words) and words[end].isdecimal() and len(words[end]) == _EXTENSION_LENGTH:
                end += 1
            while start and words[start - 1] in _ZIP_WORDS:
                start -= 1
            return _found(text, *_with_neighbours(text, start, end, rows[0]), rows[0], sure=True)
    return None


def _name_and_state(text: PlaceText) -> PlaceInWords | None:
    """A city or county before its state: "st louis mo", "Cook County, Illinois"."""
    for name in text.names:
        state = _state_at(text, name.end)
        if state is None:
            continue
        for row in (*name.rows_of(CITY, CITY), *name.rows_of(COUNTY, COUNTY)):
            if _are_in_one_state(text, row, state.rows[0]):
                if _is_believed_before(text, name, state, row):
                    return _found(text, name.start, state.end, row, sure=True)
                break
    return None


def _county(text: PlaceText) -> PlaceInWords | None:
    """A county that is called one: "Cook County", "condado de Cook"."""
    for name in text.whole_names:
        if not name.key.endswith(_COUNTY_WORDS):
            continue
        row = choose(text.gazetteer, name.rows_of(COUNTY, COUNTY), text.near)
        start, lead = text.before(name.start)
        if row is not None and (lead is Lead.IN or not text.taken(name.start, name.end)):
            is_first = start == 0 and lead is Lead.NOTHING and not text.is_last(name.end)
            leading = is_first or lead is Lead.OF
            return _found(text, name.start, name.end, row, leading=leading, sure=True)
    return None


def _after_preposition(text: PlaceText) -> PlaceInWords | None:
    """A city or state after "in" and the like, wherever in the text."""
    for name in text.whole_names:
        _, lead = text.before(name.start)
        if lead is not Lead.IN or _goes_on(text, name):
            continue
        row = _meant(text, name, lead)
        if row is not None and _is_believed_after_preposition(text, name, row):
            return _found(text, name.start, name.end, row, sure=True)
    return None


def _at_the_end(text: PlaceText) -> PlaceInWords | None:
    """A city or state with which the text ends."""
    for name in text.whole_names:
        if not text.is_last(name.end) or text.is_doubtful(name):
            continue
        start, lead = text.before(name.start)
        row = None if lead is Lead.TO or text.is_somebody(name) else _meant(text, name, lead)
        if row is None:
            continue
        is_known = start == 0 or text.gazetteer.weight[row] >= LARGE
        if is_known or text.taken(start - 1, start):
            leading, sure = lead is Lead.OF, _is_sure(text, name, start, row)
            return _found(text, name.start, name.end, row, leading=leading, sure=sure)
    return None


def _leading(text: PlaceText) -> PlaceInWords | None:
    """A city with which the text begins, before words that are known for a need."""
    name = text.whole_names[0]
    is_first = text.before(name.start) == (0, Lead.NOTHING)
    if not is_first or name.end == len(text.words) or not text.taken(name.end, name.end + 1):
        return None
    row = choose(text.gazetteer, name.rows_of(COUNTY, CITY), text.near)
    if row is None or (text.near is None and text.gazetteer.weight[row] < _KNOWN):
        return None
    if text.is_doubtful(name) and (_means_else(text, name) or not text.is_home(row)):
        return None
    return _found(text, name.start, name.end, row, leading=True)


def _found(
    text: PlaceText, start: int, end: int, row: int, *, leading: bool = False, sure: bool = False
) -> PlaceInWords:
    """The place with all words that belong to its name."""
    first, last = text.before(start)[0], text.after(end)
    return PlaceInWords(first, last, text.gazetteer.place(row), leading, sure)


def _is_sure(text: PlaceText, name: Name, start: int, row: int) -> bool:
    """Whether a name at the end can mean nothing else: a state, or all words and nobody's name."""
    is_alone = start == 0 and not is_name(name.key)
    return is_alone or bool(text.gazetteer.kind[row] == STATE)


def _with_neighbours(text: PlaceText, start: int, end: int, row: int) -> tuple[int, int]:
    """Where a ZIP code starts and ends with the names before and after it of its state."""
    for _ in ("state", "city"):
        for name in text.names:
            if start in (name.start, name.end) or end in (name.start, name.end):
                is_here = any(_are_in_one_state(text, row, other) for other in name.rows)
                if is_here and not text.is_doubtful(name):
                    start, end = min(start, name.start), max(end, name.end)
    return start, end


def _are_in_one_state(text: PlaceText, row: int, other: int) -> bool:
    state = text.gazetteer.state
    return bool(state[row] == state[other])


def _state_at(text: PlaceText, start: int) -> Name | None:
    """The state named from this word on."""
    for name in text.names:
        if name.start == start and name.rows_of(STATE, STATE):
            return name
    return None


def _is_believed_before(text: PlaceText, name: Name, state: Name, row: int) -> bool:
    """Whether a name before what may be a state is one of a place in it."""
    is_small_code = state.is_code and not text.is_upper(state)
    if is_small_code and state.key in _CODES_LIKE_LINKS and not text.is_last(state.end):
        return row in name.rows_of(CITY, CITY)[:1] and not text.is_doubtful(name)
    if text.before(name.start)[1] is Lead.IN:
        return True
    if _means_else(text, name):
        return False
    is_clear = not is_small_code or state.key not in _CODES_LIKE_ENDS
    return is_clear or not text.is_doubtful(name) or text.is_capitalized(name)


def _is_believed_after_preposition(text: PlaceText, name: Name, row: int) -> bool:
    """Whether a name after a preposition is one of a place."""
    if name.key not in COMMON_NAMES:
        return True
    is_likely = text.is_capitalized(name) or text.is_home(row)
    return is_likely and name.key not in PARTS_OF_NAMES


def _meant(text: PlaceText, name: Name, lead: Lead) -> int | None:
    """The row of the city or state that is meant by a name without a state."""
    if name.is_code and not _is_state_code(text, name, lead):
        return None
    return choose(text.gazetteer, name.rows_of(STATE, CITY), text.near)


def _is_state_code(text: PlaceText, name: Name, lead: Lead) -> bool:
    """Whether a postal code by itself means the state."""
    if name.key in _NEVER_STATES:
        return False
    if lead is Lead.IN:
        return name.key in _PLAIN_CODES or text.is_upper(name)
    return name.key in _PLAIN_CODES and text.is_upper(name)


def _means_else(text: PlaceText, name: Name) -> bool:
    """Whether the words are more likely part of something else than the name of a place."""
    return name.key in PARTS_OF_NAMES or text.taken(name.start, name.end)


def _goes_on(text: PlaceText, name: Name) -> bool:
    return name.end < len(text.words) and text.words[name.end] in _NAMES_GO_ON
