"""Whom a case may fit, and why. A suggestion is a sentence for a person, who decides.

| what | points |
|---|---|
| speaks the client's preferred language, where that is not English | 4 |
| has worked with this client before | 3 |
| cases done in the area of the need | 1 for each two, at most 3 |
| belongs to the team | 2 |
| carries less than the team's median | 1 |
| is above the band already | -4 |

Among equals comes first who carries least.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from referral_hub.rules.caseload_weights import Band, Place
from referral_hub.rules.languages import LANGUAGE_NAME

SHOWN = 5
_EVERYBODY_SPEAKS = "en"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case asks for: the client's languages, the preferred one first, and the area of its
    need in words."""

    languages: Sequence[str] = ()
    area: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take it on. `done` counts cases in the area that they brought to an end
    that was reached; `knows_client` is whether they worked with the client before."""

    person_id: UUID
    name: str
    languages: frozenset[str]
    done: int
    points: float
    knows_client: bool
    in_team: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody, and what speaks for and against them, in words that can follow the name."""

    person_id: UUID
    name: str
    score: int
    reasons: tuple[str, ...]


Judged = tuple[int, str] | None
"""Points with the reason; None where there is nothing to say."""
Judge = Callable[[Wanted, Candidate, float | None, Band], Judged]


def suggest(
    wanted: Wanted, candidates: Sequence[Candidate], median: float | None, band: Band
) -> tuple[Suggestion, ...]:
    """Those whom the case fits best, the best first; `median` is that of the team's loads."""
    judged = [(_judged(wanted, each, median, band), each.points) for each in candidates]
    judged.sort(key=lambda found: (-found[0].score, found[1], found[0].name.casefold()))
    return tuple(suggestion for suggestion, _ in judged[:SHOWN])


def _judged(wanted: Wanted, one: Candidate, median: float | None, band: Band) -> Suggestion:
    said = [found for judge in _JUDGES if (found := judge(wanted, one, median, band)) is not None]
    reasons = tuple(reason for _, reason in said if reason)
    return Suggestion(one.person_id, one.name, sum(points for points, _ in said), reasons)


def _language(wanted: Wanted, one: Candidate, _median: float | None, _band: Band) -> Judged:
    if not wanted.languages or wanted.languages[0] == _EVERYBODY_SPEAKS:
        return None
    preferred = wanted.languages[0]
    if preferred in one.languages:
        return 4, f"speaks {LANGUAGE_NAME.get(preferred, preferred)}"
    return None


def _continuity(_wanted: Wanted, one: Candidate, _median: float | None, _band: Band) -> Judged:
    return (3, "has worked with this client before") if one.knows_client else None


def _experience(wanted: Wanted, one: Candidate, _median: float | None, _band: Band) -> Judged:
    if not one.done:
        return None
    area = f"{wanted.area.lower()} " if wanted.area else ""
    cases = "case" if one.done == 1 else "cases"
    return min(3, (one.done + 1) // 2), f"{one.done} {area}{cases} done"


def _team(_wanted: Wanted, one: Candidate, _median: float | None, _band: Band) -> Judged:
    return (2, "") if one.in_team else (0, "of another team")


def _load(_wanted: Wanted, one: Candidate, median: float | None, _band: Band) -> Judged:
    if median is None:
        return 0, f"load {one.points:g}"
    apart = round(one.points - median, 1)
    if not apart:
        return 0, f"load {one.points:g}, the team's median"
    side = "below" if apart < 0 else "above"
    return int(apart < 0), f"load {one.points:g}, {abs(apart):g} {side} the team's median"


def _room(_wanted: Wanted, one: Candidate, _median: float | None, band: Band) -> Judged:
    return (-4, "above the band already") if band.place(one.points) is Place.ABOVE else None


_JUDGES: tuple[Judge, ...] = (_language, _continuity, _experience, _load, _room, _team)
