"""Writes what was counted of referrals into the columns."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from referral_hub.gateways.figures.folder import Contents, FigureFolder, nothing_yet
from referral_hub.gateways.figures.layout import (
    ANSWERS,
    FLOWS,
    IDS,
    NOTHING,
    PRIORITIES,
    REASONS,
    RESPONSE_DAYS,
    STANDINGS,
    STATUSES,
    TABLES,
    TEXTS,
    WAITS,
    microseconds,
    seconds,
)
from referral_hub.rules.measured_state import Measured
from referral_hub.rules.referrals import Priority


@dataclass(frozen=True, slots=True)
class SentReferral:
    """What never changes of a referral once it was sent.

    `area` is where its service is. `answer_by` are the times at which 1, 2, 5 and 10 business days
    of the receiver were over; by `decidable_at` it was decided on or had expired, however long
    questions held it up. `is_choice`: agencies are tried one after the other.
    """

    id: UUID
    need_id: UUID
    client_id: UUID
    need_code: str
    area: str
    service_id: UUID
    from_agency_id: UUID
    to_agency_id: UUID
    from_team_id: UUID
    to_team_id: UUID
    sender_id: UUID | None
    is_choice: bool
    sent_at: datetime
    decidable_at: datetime
    answer_by: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How a referral looked from when on. The columns may have the first `known` of it already."""

    sent: SentReferral
    states: Sequence[Measured]


_T = TypeVar("_T")
_STANDING = {name: number for number, name in enumerate(STANDINGS)}
_STATUS = {name: number for number, name in enumerate(STATUSES)}
_PRIORITY = {name: number for number, name in enumerate(PRIORITIES)}
_WAITS = {name: number for number, name in enumerate(WAITS)}
_FLOW = {name: number for number, name in enumerate(FLOWS)}
_REASON = {name: number for number, name in enumerate(REASONS)}


class FigureWriter:
    """Adds to the columns. One process does so at a time."""

    def __init__(self, folder: FigureFolder) -> None:
        self._folder = folder
        self._names: _Names | None = None

    def contents(self) -> Contents | None:
        """What counts now; None where everything is still to be counted."""
        return self._folder.contents()

    def alone(self) -> AbstractContextManager[None]:
        """Keep other writers out. Raises FiguresBusy."""
        return self._folder.writing()

    def begin(self) -> Contents:
        """Contents of a new edition: what counts goes on doing so until they are put in place."""
        return nothing_yet()

    def add(
        self, contents: Contents, counted: Iterable[Counted], position: int, until: datetime
    ) -> Contents:
        """Write behind what counts, and return what would count with it: `put` lets it."""
        batch = list(counted)
        names = self._names_of(contents)
        rows = self._rows_of(contents, [each.sent for each in batch])
        fresh = [each.sent for each in batch if rows[each.sent.id] >= contents.rows["referrals"]]
        self._append(contents, "referrals", self._referrals(contents, fresh, names))
        self._append(contents, "states", _states(batch, rows, names))
        for name in IDS:
            self._folder.append(contents, name, "V16", names.fresh_ids(name))
        found = replace(
            contents,
            position=position,
            until=max(microseconds(until), contents.until),
            rows={
                "referrals": contents.rows["referrals"] + len(fresh),
                "states": contents.rows["states"] + sum(len(each.states) for each in batch),
                **{name: len(names.ids[name]) for name in IDS},
            },
            texts={name: list(names.texts[name]) for name in TEXTS},
        )
        names.settle()
        return found

    def put(self, contents: Contents) -> None:
        """Let everything that was added count."""
        self._folder.put(contents)

    def _names_of(self, contents: Contents) -> "_Names":
        kept = self._names
        if kept is None or not kept.fits(contents):
            self._names = kept = _Names.of(self._folder, contents)
        return kept

    def _rows_of(self, contents: Contents, sent: Sequence[SentReferral]) -> dict[UUID, int]:
        """The row of each, new ones behind all others in the order in which they come."""
        column = self._folder.columns(contents, "referrals")["id"]
        rows = _first_rows(column, {each.id for each in sent})
        last = contents.rows["referrals"]
        for each in sent:
            if each.id not in rows:
                rows[each.id] = last
                last += 1
        return rows

    def _referrals(
        self, contents: Contents, fresh: Sequence[SentReferral], names: "_Names"
    ) -> dict[str, NDArray[Any]]:
        columns = self._folder.columns(contents, "referrals")
        first = contents.rows["referrals"]
        needs = _first_rows(columns["need"], {each.need_id for each in fresh})
        clients = _first_rows(columns["client"], {each.client_id for each in fresh})
        for row, each in enumerate(fresh, first):
            needs.setdefault(each.need_id, row)
            clients.setdefault(each.client_id, row)
        of = _column_maker(fresh)
        return {
            "id": _ids([each.id for each in fresh]),
            "need": _ids([each.need_id for each in fresh]),
            "need_row": of(lambda each: needs[each.need_id]),
            "client": _ids([each.client_id for each in fresh]),
            "client_row": of(lambda each: clients[each.client_id]),
            "need_code": of(lambda each: names.text("need_code", each.need_code)),
            "area": of(lambda each: names.text("area", each.area)),
            "service": of(lambda each: names.id("service", each.service_id)),
            "from_agency": of(lambda each: names.id("agency", each.from_agency_id)),
            "to_agency": of(lambda each: names.id("agency", each.to_agency_id)),
            "from_team": of(lambda each: names.id("team", each.from_team_id)),
            "to_team": of(lambda each: names.id("team", each.to_team_id)),
            "sender": of(lambda each: names.id("person", each.sender_id)),
            "is_choice": of(lambda each: each.is_choice),
            "sent": of(lambda each: seconds(each.sent_at)),
            "decidable": of(lambda each: seconds(each.decidable_at)),
            **{
                f"answer_in_{days}": of(_answer_by(place))
                for place, days in enumerate(RESPONSE_DAYS)
            },
        }

    def _append(self, contents: Contents, table: str, columns: Mapping[str, NDArray[Any]]) -> None:
        for name, kind in TABLES[table].items():
            self._folder.append(contents, f"{table}.{name}", kind, columns[name])


def _states(
    batch: Sequence[Counted], rows: Mapping[UUID, int], names: "_Names"
) -> dict[str, NDArray[Any]]:
    states = [state for each in batch for state in each.states]
    of = _column_maker(states)
    lengths = [len(each.states) for each in batch]
    return {
        "row": np.repeat([rows[each.sent.id] for each in batch], lengths),
        "recorded": of(lambda each: microseconds(each.recorded_at)),
        "flow": of(lambda each: _FLOW[each.flow]),
        "standing": of(lambda each: NOTHING if each.standing is None else _STANDING[each.standing]),
        "status": of(lambda each: _STATUS[each.status]),
        "reason": of(lambda each: _REASON.get(each.reason, _REASON["other"])),
        "priority": of(lambda each: _PRIORITY[Priority(each.priority)]),
        "worker": of(lambda each: names.id("person", each.assignee_id)),
        "waits": of(lambda each: NOTHING if each.waits is None else _WAITS[each.waits]),
        "is_veiled": of(lambda each: each.is_veiled),
        "reversals": of(lambda each: min(each.reversals, 127)),
        "stood_still": of(lambda each: int(each.stood_still)),
        "still_before": of(lambda each: int(each.still_before)),
        "answer": of(lambda each: NOTHING if each.answer is None else ANSWERS.index(each.answer)),
        "attended": of(lambda each: min(each.attended, 127)),
        "missed": of(lambda each: min(each.missed, 127)),
        "since": of(lambda each: seconds(each.since)),
        "acknowledged": of(lambda each: seconds(each.acknowledged_at)),
        "decided": of(lambda each: seconds(each.decided_at)),
        "accepted": of(lambda each: seconds(each.accepted_at)),
        "contacted": of(lambda each: seconds(each.contacted_at)),
        "closed": of(lambda each: seconds(each.closed_at)),
        "decide_by": of(lambda each: seconds(each.decide_by)),
        "due": of(lambda each: seconds(each.due_at)),
    }


def _column_maker(things: Sequence[_T]) -> Callable[[Callable[[_T], int]], NDArray[Any]]:
    def of(value: Callable[[_T], int]) -> NDArray[Any]:
        return np.fromiter((value(each) for each in things), np.int64, len(things))

    return of


def _answer_by(place: int) -> Callable[[SentReferral], int]:
    return lambda each: seconds(each.answer_by[place])


def _ids(ids: Sequence[UUID]) -> NDArray[Any]:
    return np.frombuffer(b"".join(each.bytes for each in ids), "V16")


def _first_rows(column: NDArray[Any], wanted: set[UUID]) -> dict[UUID, int]:
    """The first row of each id in a column. Half of an id narrows it down, the whole decides."""
    if not wanted or not len(column):
        return {}
    half = column.view("<u8")[1::2]
    halves = np.array([int.from_bytes(each.bytes[8:], "little") for each in wanted], "<u8")
    found: dict[UUID, int] = {}
    for row in np.flatnonzero(np.isin(half, halves)):
        each = UUID(bytes=column[row].tobytes())
        if each in wanted:
            found.setdefault(each, int(row))
    return found


class _Names:
    """The numbers of ids and texts. New ones come behind all others."""

    def __init__(
        self, edition: str, ids: dict[str, dict[UUID, int]], texts: dict[str, dict[str, int]]
    ) -> None:
        self._edition, self.ids, self.texts = edition, ids, texts
        self._settled = {name: len(ids[name]) for name in IDS}

    @classmethod
    def of(cls, folder: FigureFolder, contents: Contents) -> "_Names":
        ids = {
            name: {
                UUID(bytes=each.tobytes()): number
                for number, each in enumerate(folder.ids(contents, name))
            }
            for name in IDS
        }
        texts = {
            name: {text: number for number, text in enumerate(contents.texts[name])}
            for name in TEXTS
        }
        return cls(contents.edition, ids, texts)

    def fits(self, contents: Contents) -> bool:
        return (
            self._edition == contents.edition
            and all(len(self.ids[name]) == contents.rows[name] for name in IDS)
            and all([*self.texts[name]] == contents.texts[name] for name in TEXTS)
        )

    def id(self, name: str, value: UUID | None) -> int:
        if value is None:
            return NOTHING
        known = self.ids[name]
        return known.setdefault(value, len(known))

    def text(self, name: str, value: str) -> int:
        known = self.texts[name]
        return known.setdefault(value, len(known))

    def fresh_ids(self, name: str) -> NDArray[Any]:
        return _ids([*self.ids[name]][self._settled[name] :])

    def settle(self) -> None:
        self._settled = {name: len(self.ids[name]) for name in IDS}
