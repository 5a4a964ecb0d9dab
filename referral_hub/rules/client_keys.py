"""By what a client is found: short tokens of name, birth date and phone, for blind indexes.

A token never leaves the hub in clear: it is stored as a keyed hash, with the agency as part of the
key's purpose, so that equal names in two agencies give unequal hashes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from unicodedata import combining, normalize

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.phone_numbers import subscriber_digits

SHORTEST, LONGEST, MOST_WORDS, MOST_QUERY = 2, 12, 8, 120
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_JOINTS = re.compile(r"[-‐‑–—'’‘ʼʻ`´]+")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_AMERICAN = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_PHONE = re.compile(r"\+?\d[\d\s().–-]{2,}\d|\+?\d{4,}")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_IN_WORDS = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for: words of a name, birth dates that may be meant, ends of phones.

    Each word is the forms of its parts: `("quintero", "vega")` of "Quintero-Vega".
    """

    words: tuple[tuple[str, ...], ...]
    births: frozenset[date]
    phones: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.words or self.births or self.phones)

    @property
    def is_short(self) -> bool:
        """Whether there are only letters that stand alone, as many names in Chinese do: these are
        looked for as whole words."""
        longer = any(len(part) >= SHORTEST for parts in self.words for part in parts)
        return not (longer or self.births or self.phones)

    def tokens(self) -> tuple[frozenset[str], ...]:
        """Sets of tokens: of each one at least one must be there."""
        found: list[frozenset[str]] = []
        if self.births:
            found.append(frozenset(f"b:{day.isoformat()}" for day in self.births))
        found += [frozenset({_phone_token(digits)}) for digits in self.phones]
        for parts in self.words:
            joined = "".join(parts)
            found += [
                frozenset({_name_token(part), _name_token(joined)})
                for part in parts
                if len(part) >= SHORTEST
            ]
        if self.is_short:
            return tuple(frozenset({_name_token(part)}) for parts in self.words for part in parts)
        return tuple(found)


def tokens_of(profile: Profile) -> frozenset[str]:
    """All tokens by which a client with this profile is found."""
    found = {f"n:{start}" for word in _name_words(profile) for start in _starts(word)}
    if profile.birth_date is not None:
        found.add(f"b:{profile.birth_date.isoformat()}")
    for phone in phones_of(profile):
        found |= {f"p:{phone}", f"p7:{phone[-7:]}", f"p4:{phone[-4:]}"}
    return frozenset(found)


def phones_of(profile: Profile) -> tuple[str, ...]:
    """The digits of a client's phones."""
    digits = (subscriber_digits(phone) for phone in (profile.phone, profile.other_phone))
    return tuple(dict.fromkeys(each for each in digits if len(each) >= 4))


def read_query(text: str) -> Query:
    """What a text of the search box means; nothing in it is refused."""
    births: set[date] = set()
    rest = text[:MOST_QUERY]
    rest = _take_days(_IN_WORDS, _from_words, rest, births)
    rest = _take_days(_ISO, _from_iso, rest, births)
    rest = _take_days(_AMERICAN, _from_us, rest, births)
    phones = []
    for match in _PHONE.finditer(rest):
        digits = subscriber_digits(match[0])
        if len(digits) >= 4:
            phones.append(digits)
    words = [_parts(word) for word in _PHONE.sub(" ", rest).split()]
    named = [word for word in words if word]
    return Query(tuple(named[:MOST_WORDS]), frozenset(births), tuple(phones[:2]))


def rank(query: Query, profile: Profile) -> int | None:
    """How well a client fits, 0 the best: how many words are only begun. None: not at all.

    Blind indexes hold starts of words and ends of numbers; here it counts in full.
    """
    if query.births and profile.birth_date not in query.births:
        return None
    phones = phones_of(profile)
    if not all(any(phone.endswith(digits) for phone in phones) for digits in query.phones):
        return None
    words, begun = _name_words(profile), 0
    for parts in query.words:
        joined = "".join(parts)
        asked = (joined,) if any(word.startswith(joined) for word in words) else parts
        for part in asked:
            if part not in words and (
                query.is_short or not any(word.startswith(part) for word in words)
            ):
                return None
            begun += part not in words
    return begun


def folded(text: str) -> str:
    """Letters and digits of a word in small, without accents."""
    plain = normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in plain if not combining(sign))
    return "".join(sign for sign in normalize("NFC", bare).casefold() if sign.isalnum())


def _name_words(profile: Profile) -> frozenset[str]:
    """Every word of every name: whole, its parts at hyphens and apostrophes, and names joined."""
    found: set[str] = set()
    for name in (profile.given_name, profile.family_name, profile.preferred_name):
        words = [_parts(word) for word in name.split()]
        for parts in words:
            found |= {*parts, "".join(parts)}
        found.add("".join(part for parts in words for part in parts))
    return frozenset(found - {""})


def _parts(word: str) -> tuple[str, ...]:
    return tuple(part for part in map(folded, _JOINTS.split(word)) if part)


def _starts(word: str) -> Iterator[str]:
    """The starts of a word that are stored; of a word of one letter that one."""
    yield word[:LONGEST]
    for length in range(SHORTEST, min(len(word), LONGEST)):
        yield word[:length]


def _name_token(word: str) -> str:
    return f"n:{word[:LONGEST]}"


def _phone_token(digits: str) -> str:
    return f"p7:{digits[-7:]}" if len(digits) >= 7 else f"p4:{digits[-4:]}"


def _take_days(
    pattern: re.Pattern[str], read: Callable[..., tuple[date, ...]], text: str, found: set[date]
) -> str:
    """The text without the days in it, which are added to what was found."""

    def taken(match: re.Match[str]) -> str:
        days = read(*match.groups())
        found.update(days)
        return " " if days else match[0]

    return pattern.sub(taken, text)


def _from_iso(year: str, month: str, day: str) -> tuple[date, ...]:
    return _days((int(year),), int(month), int(day))


def _from_us(month: str, day: str, year: str) -> tuple[date, ...]:
    years = (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year))
    return _days(years, int(month), int(day))


def _from_words(month: str, day: str, year: str) -> tuple[date, ...]:
    named = [at for at, name in enumerate(_MONTHS, 1) if name.startswith(month.casefold())]
    return _days((int(year),), named[0], int(day)) if named else ()


def _days(years: tuple[int, ...], month: int, day: int) -> tuple[date, ...]:
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(found)
