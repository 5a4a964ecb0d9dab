"""Conditions read out of a listing's free text, as far as it says them plainly.

Whatever a sentence says besides stays as a text for people to judge: nobody is called eligible on
the strength of half a sentence, and nobody is ruled out by what was only read out of a text.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from referral_hub.rules.coverage import read_coverage
from referral_hub.rules.eligibility import Criterion, Kind, Operator, Source, Value
from referral_hub.rules.eligibility_areas import written_area
from referral_hub.rules.poverty import LATEST

MOST_QUOTED = 200
LONGEST_SENTENCE = 300
LONGEST_TEXT = 3_000
"""What is longer says too much at once to be read plainly: it is for people."""


@lru_cache(maxsize=8192)
def conditions_of_text(
    text: str, state: str | None, known_counties: frozenset[str]
) -> tuple[Criterion, ...]:
    """The conditions that a text states, and one more with what of it people must judge.

    `state` is where the service is; `known_counties` are the keys of all true counties.
    """
    if len(text) > LONGEST_TEXT:
        return (_for_people(text),)
    found: dict[tuple[Kind, tuple[Value, ...]], Criterion] = {}
    sentences = list(_sentences(text))
    unread = []
    for sentence in sentences:
        reader = _Sentence(sentence, state, known_counties)
        for criterion in reader.conditions():
            found.setdefault((criterion.kind, criterion.values), criterion)
        if not reader.is_understood():
            unread.append(sentence)
    if unread:
        whole = unread == sentences
        quote = text if whole else ". ".join(unread)
        found[Kind.OTHER, ()] = _for_people(quote)
    return tuple(found.values())


def _for_people(text: str) -> Criterion:
    return Criterion(
        Kind.OTHER, Operator.READ, (), source=Source.IMPORTED, quote=_cut(" ".join(text.split()))
    )


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCE_END.split(text):
        sentence = " ".join(part.split()).strip(" •*-")
        if sentence:
            yield sentence


class _Sentence:
    """One sentence, of which parts are read and taken out."""

    def __init__(self, sentence: str, state: str | None, known_counties: frozenset[str]) -> None:
        self._quote = _cut(sentence)
        self._rest = "" if _OPEN_TO_ALL.fullmatch(sentence) else sentence
        self._state = state
        self._counties = known_counties

    def conditions(self) -> Iterator[Criterion]:
        """What is plainly said; nothing of a sentence with a "not" or an "except"."""
        if len(self._rest) > LONGEST_SENTENCE or _TURNED.search(self._rest):
            return
        for area in _AREAS:
            yield from self._residence(area)
        for pattern, kind, operator, values in _PATTERNS:
            match = pattern.search(self._rest)
            if match:
                self._take(match)
                yield self._criterion(kind, operator, values(match))

    def is_understood(self) -> bool:
        """Whether nothing is left but words that say nothing by themselves."""
        return all(word in _FILLER for word in re.findall(r"[\w%$+]+", self._rest.casefold()))

    def _residence(self, pattern: re.Pattern[str]) -> Iterator[Criterion]:
        match = pattern.search(self._rest)
        if match is None:
            return
        name = _LISTED_COUNTY.sub(r"\g<names> Counties", match["area"])
        read = read_coverage({"name": name}, self._state, self._counties)
        if read:
            self._take(match)
            values = tuple(written_area(area) for area in read)
            yield self._criterion(Kind.RESIDENCE, Operator.ONE_OF, values)

    def _criterion(self, kind: Kind, operator: Operator, values: tuple[Value, ...]) -> Criterion:
        return Criterion(kind, operator, values, source=Source.INFERRED, quote=self._quote)

    def _take(self, match: re.Match[str]) -> None:
        self._rest = f"{self._rest[: match.start()]} {self._rest[match.end() :]}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1].rstrip()}…"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%])[.!](?=\s|$)|[;\n]+")
_OPEN_TO_ALL = _pattern(
    r"(?:open to |available to )?(?:anyone|everyone|everybody|all(?: people| residents)?|"
    r"the (?:general )?public)|(?:no (?:eligibility )?(?:requirements|restrictions)|none)"
)
_TURNED = _pattern(
    r"\b(?:no|not|non|nor|never|without|except|excluding|excludes?|unless|cannot|can't|don't|"
    r"however|regardless|instead|only if|also|or any|included?|including|comes? first|priority|"
    r"preferred|preference)\b"
)
"""Words that turn what a sentence says around: such a sentence is for people."""

_SINGLE = r"(?:people|persons?|individuals?|adults?|youth|seniors?|anyone|those|clients?)"
_PEOPLE = rf"(?:(?:{_SINGLE}) (?:who are |who is )?)?"
_NAME = r"[A-Z][\w'.-]*(?: [A-Z][\w'.-]*)*"
_NAMES = rf"{_NAME}(?:,? (?:and|or|&) {_NAME}|, {_NAME})*"
_AREAS = (
    re.compile(
        rf"\b(?:[Rr]esidents? of|(?:[Ll]iv(?:e|es|ing)|[Rr]esid(?:e|es|ing)) in) "
        rf"(?:the )?(?P<area>(?:County of )?{_NAMES}(?: counties| county)?)"
    ),
    re.compile(
        rf"(?P<area>{_NAMES}(?: [Cc]ount(?:y|ies))?) (?:[Rr]esidents?|[Hh]ouseholds?|[Ff]amilies)\b"
    ),
    re.compile(rf"\b(?:anywhere in|in|from) (?P<area>{_NAMES} (?:Counties|County))"),
)
_LISTED_COUNTY = re.compile(r"^(?P<names>.*(?:,| and | or | & ).*) County$")
_POVERTY = (
    r"(?:of )?(?:the )?(?:federal |u\.?s\.? )?"
    r"(?:poverty (?:level|line|guidelines?|income guidelines?)|fpl\b|fpg\b)"
)
_BELOW = (
    r"(?:(?:household |family |total )?incomes? )?(?:is |are |of )?"
    r"(?:at or below|at or under|up to|below|under|less than|at most)"
)
_Values = Callable[[re.Match[str]], tuple[Value, ...]]


def _ages(match: re.Match[str]) -> tuple[Value, ...]:
    given = match.groupdict()
    low, high = given.get("low"), given.get("high")
    return (float(low) if low else None, float(high) if high else None)


def _same(*values: Value) -> _Values:
    return lambda _match: values


def _percent(match: re.Match[str]) -> tuple[Value, ...]:
    return (float(match["percent"]), LATEST)


_PATTERNS: tuple[tuple[re.Pattern[str], Kind, Operator, _Values], ...] = (
    (
        _pattern(
            rf"\b{_PEOPLE}(?:ages?|aged)(?: from)? (?P<low>\d{{1,3}})\s?(?:to|through|-|–)\s?"
            r"(?P<high>\d{1,3})\b(?: years(?: old)?)?(?! ?(?:months?|weeks?))"
        ),
        Kind.AGE,
        Operator.BETWEEN,
        _ages,
    ),
    (
        _pattern(
            rf"\b{_PEOPLE}(?:(?:ages?|aged|at least)(?: of)? )?(?P<low>\d{{1,3}})"
            r"(?: years(?: old| of age)?)?"
            r"(?:\s?\+| (?:and|or|&) (?:older|over|up|above)\b)(?: years(?: old| of age)?)?"
        ),
        Kind.AGE,
        Operator.BETWEEN,
        _ages,
    ),
    (
        _pattern(
            rf"\b{_PEOPLE}(?:ages?|aged) (?P<high>\d{{1,3}}) (?:and|or|&) (?:younger|under)\b"
        ),
        Kind.AGE,
        Operator.BETWEEN,
        _ages,
    ),
    (
        _pattern(rf"\b{_BELOW} (?P<percent>\d{{2,3}})\s?(?:%|percent) {_POVERTY}"),
        Kind.INCOME,
        Operator.AT_MOST,
        _percent,
    ),
    (
        _pattern(rf"\b{_BELOW} twice {_POVERTY}"),
        Kind.INCOME,
        Operator.AT_MOST,
        _same(200.0, LATEST),
    ),
    (
        _pattern(r"\b(?:u\.?s\.? )?(?:military )?veterans?\b"),
        Kind.VETERAN,
        Operator.IS,
        _same(True),
    ),
    (
        _pattern(rf"\b{_SINGLE} with (?:a )?disabilit(?:y|ies)\b"),
        Kind.DISABILITY,
        Operator.IS,
        _same(True),
    ),
    (
        _pattern(r"\bpregnant (?:women|people|persons?|individuals?|teens?)\b"),
        Kind.PREGNANCY,
        Operator.IS,
        _same(True),
    ),
    (_pattern(r"^(?:adult |single )?women(?! (?:and|or) men)\b"), Kind.GENDER, Operator.ONE_OF,
     _same("women")),
    (_pattern(r"^(?:adult |single )?men(?! (?:and|or) women)\b"), Kind.GENDER, Operator.ONE_OF,
     _same("men")),
    (
        _pattern(r"\bmedicaid (?:recipients?|members?|enrollees?)\b|\benrolled in medicaid\b"),
        Kind.INSURANCE,
        Operator.ONE_OF,
        _same("medicaid"),
    ),
    (
        _pattern(r"\bmedicare (?:recipients?|members?|enrollees?)\b|\benrolled in medicare\b"),
        Kind.INSURANCE,
        Operator.ONE_OF,
        _same("medicare"),
    ),
    (
        _pattern(rf"\buninsured(?: {_SINGLE})?\b|\b{_SINGLE} who are uninsured\b"),
        Kind.INSURANCE,
        Operator.ONE_OF,
        _same("none"),
    ),
    (
        _pattern(r"\breferrals? (?:is |are )?(?:required|needed)\b|\bby referral(?: only)?\b"),
        Kind.REFERRAL,
        Operator.IS,
        _same(True),
    ),
)  # fmt: skip
_FILLER = frozenset({
    "a", "an", "and", "the", "of", "for", "who", "is", "are", "must", "be", "with", "to", "in",
    "by", "open", "people", "persons", "person", "individuals", "individual", "adults", "adult",
    "clients", "client", "anyone", "those", "their", "this", "service", "program", "serves",
    "serving", "provides", "services", "only", "years", "old", "age", "households", "household",
    "families", "whose", "have", "has", "it", "at",
})  # fmt: skip
"""Words that add no condition. "Adults" does say one, but so little that a service for them states
it as its minimum age."""
