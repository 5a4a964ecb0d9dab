"""Reads the columns as of any time."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from referral_hub.gateways.figures.folder import Columns, Contents, FigureFolder
from referral_hub.gateways.figures.layout import NOTHING, microseconds, seconds
from referral_hub.rules.errors import FiguresNotReady

_KEPT = 5
"""So many times that were asked for stay at hand; each takes some megabytes of a large network."""
_MICRO = 1_000_000
Numbers = NDArray[Any]
Remembered = TypeVar("Remembered")


@dataclass(slots=True)
class View:
    """All referrals as they were known at a time.

    `now` is that time in seconds since 1970, and `known_by` the same in millionths where a past
    time was asked for. `last` has for each referral the row of `states` that was true then, NOTHING
    where it was not sent yet. `until` is up to when what was recorded is in it.
    """

    contents: Contents
    referrals: Columns
    states: Columns
    ids: Mapping[str, NDArray[Any]]
    last: Numbers
    now: int
    known_by: int | None
    until: datetime
    bare: "View | None" = None
    hidden: Numbers | None = None
    blanks: Mapping[str, int] = field(default_factory=dict)
    _found: dict[str, Numbers] = field(default_factory=dict)
    _remembered: dict[Hashable, Any] = field(default_factory=dict)

    def remember(self, key: Hashable, find: Callable[[], Remembered]) -> Remembered:
        """What `find` finds, kept with the rows for whoever asks again: it must be the same at any
        later time, and whatever is hidden from whom."""
        if key not in self._remembered:
            self._remembered[key] = find()
        found: Remembered = self._remembered[key]
        return found

    def state(self, name: str) -> Numbers:
        """A column of how the referrals stand, one value each."""
        if self.bare is not None and name not in self.blanks:
            return self.bare.state(name)
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def _read(self, name: str) -> Numbers:
        if self.bare is None or self.hidden is None:
            return self.states[name][self.last]
        return np.where(self.hidden, self.blanks[name], self.bare.state(name))

    def without(self, blanks: Mapping[str, int], hidden: Numbers) -> "View":
        """The same for whom nothing is told of these columns where a row is `hidden`: a value of
        `blanks` stands there for all of them."""
        if not hidden.any():
            return self
        return replace(self, bare=self, hidden=hidden, blanks=blanks, _found={})

    def is_blank(self, name: str) -> Numbers:
        """For each row whether a column is not told of it."""
        if self.hidden is None or name not in self.blanks:
            return np.zeros(len(self.last), bool)  # as large as the columns are, and nothing read
        return self.hidden

    def number_of(self, name: str, value: UUID) -> int:
        """The number of an id; NOTHING where no referral has it."""
        rows = np.flatnonzero(self.ids[name] == np.frombuffer(value.bytes, "V16")[0])
        return int(rows[0]) if len(rows) else NOTHING

    def id_of(self, name: str, number: int) -> UUID:
        """The id that a number stands for."""
        return UUID(bytes=self.ids[name][number].tobytes())

    def texts(self, name: str) -> list[str]:
        """The texts that numbers stand for."""
        return self.contents.texts[name]

    def grown(self, tables: "_Tables", now: int, known_by: int | None) -> "View":
        """The same at a later time, or with more counted, keeping what was read already."""
        before, after = len(self.states["row"]), len(tables.states["row"])
        if before == after and len(self.last) == len(tables.referrals["id"]):
            return replace(self, contents=tables.contents, now=now, until=tables.until)
        rows = np.arange(before, after, dtype=np.int32)
        if known_by is not None:
            rows = rows[tables.states["recorded"][before:] <= known_by]
        last = np.full(len(tables.referrals["id"]), NOTHING, np.int32)
        last[: len(self.last)] = self.last
        last[tables.states["row"][rows]] = rows
        found = tables.view(last, now, known_by)
        changed = np.flatnonzero(last[: len(self.last)] != self.last)
        for name, values in tuple(self._found.items()):
            column = np.empty(len(last), values.dtype)
            column[: len(values)] = values
            column[changed] = tables.states[name][last[changed]]
            column[len(values) :] = tables.states[name][last[len(values) :]]
            found._found[name] = column
        return found


@dataclass(frozen=True, slots=True)
class _Tables:
    contents: Contents
    referrals: Columns
    states: Columns
    ids: Mapping[str, NDArray[Any]]

    @property
    def until(self) -> datetime:
        return datetime.fromtimestamp(self.contents.until / _MICRO, UTC)

    def view(self, last: Numbers, now: int, known_by: int | None) -> View:
        return View(
            self.contents, self.referrals, self.states, self.ids, last, now, known_by, self.until
        )

    def first_view(self, now: int, known_by: int | None) -> View:
        """For each referral the last row that was recorded by then; rows of one are in order."""
        last = np.full(len(self.referrals["id"]), NOTHING, np.int32)
        rows = self.states["row"]
        if known_by is None:
            last[rows] = np.arange(len(rows), dtype=np.int32)
        else:
            known = np.flatnonzero(self.states["recorded"] <= known_by)
            last[rows[known]] = known
        return self.view(last, now, known_by)


class FigureColumns:
    """The figures as this process reads them; threads may share one."""

    def __init__(self, folder: FigureFolder) -> None:
        self._folder = folder
        self._lock = Lock()
        self._tables: _Tables | None = None
        self._views: OrderedDict[int | None, View] = OrderedDict()

    def view(self, as_of: datetime | None, now: datetime) -> View:
        """All referrals as they were known `as_of` a time, None: now. Nothing is told of a time for
        which not everything has been counted: it is the last such time then. Raises
        FiguresNotReady."""
        known_by = None if as_of is None else microseconds(as_of)
        with self._lock:
            tables = self._fresh()
            kept = self._views.pop(known_by, None)
            at = seconds(min(as_of or now, tables.until))
            if kept is None or kept.contents.edition != tables.contents.edition:
                found = tables.first_view(at, known_by)
            else:
                found = kept.grown(tables, at, known_by)
            self._views[known_by] = found
            while len(self._views) > _KEPT:
                self._views.popitem(last=False)
            return found

    def _fresh(self) -> _Tables:
        contents = self._folder.contents()
        if contents is None:
            message = "The figures are being counted for the first time. Try again in a minute."
            raise FiguresNotReady(message)
        if self._tables is None or self._tables.contents != contents:
            names = list(contents.rows.keys() - {"referrals", "states"})
            self._tables = _Tables(
                contents,
                _plain(self._folder.columns(contents, "referrals")),
                _plain(self._folder.columns(contents, "states")),
                {name: np.asarray(self._folder.ids(contents, name)) for name in names},
            )
        return self._tables


def distinct(numbers: Numbers) -> list[int]:
    """The different numbers from 0 on, in order."""
    return [int(n) for n in np.flatnonzero(np.bincount(numbers[numbers >= 0]))]


def _plain(columns: Columns) -> Columns:
    return {name: np.asarray(values) for name, values in columns.items()}
