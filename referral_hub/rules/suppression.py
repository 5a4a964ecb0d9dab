"""Tables of counts for everybody: small cells are hidden so that they stay hidden.

A table is published with all its totals, so what one cell hides its neighbours may tell. Further
cells are hidden with it until they do not, whatever an attacker computes from all that is shown.

*What is hidden.* Counts of 1 to 4; where a dimension is an outcome (completed or not), also its
counts where they make a rate on fewer than 10, or on a hidden number. Zeros are shown, but for
those that must hide others.

*What is kept.* Of all tables of whole numbers from 0 on that agree with everything shown, at least
one has any value from 1 to 4 in a cell that hides 1 to 4. Whatever else is hidden by the rule can
be at least four values in a row, and any other hidden cell at least two. In each of these tables
all small cells are among the hidden, so knowing the rule excludes none of them.

*How.* A move adds one to a count and evens it out in other counts, so that few sums change, and all
that change are hidden. From the true table moves lead up until the cell has its highest value,
and down until it has its lowest. Each table on the way differs from the true one in hidden cells
only, and no count in it is below 0: it is itself one of the tables that agree with what is shown.
Hiding more later takes nothing away from that. There always is a move, at worst one that evens
nothing out and hides all sums up to the grand total.

The work grows with the square of the cells: some hundred are nothing, ten thousand take seconds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import prod

SMALLEST_COUNT = 5
"""Smaller counts than this are hidden, but for none."""
SMALLEST_DENOMINATOR = 10
"""Rates on less are hidden."""
_OTHER_RANGE = SMALLEST_COUNT - 2

Cell = tuple[str | None, ...]
"""A category for each dimension; None is the total over it."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What is published: the categories of each dimension.

    `shown` are the dimensions that are crossed with each other in each published table, by their
    places; without it, all. Several tables of the same counts belong into one call: what one hides
    another must not tell. What is crossed in no table is not guarded. `outcome` is the place of a
    dimension whose shares are published; with them the numbers are that they are of.
    """

    dimensions: Sequence[Sequence[str]]
    shown: Collection[Collection[int]] | None = None
    outcome: int | None = None


def publish(cuts: Cuts, counts: Mapping[tuple[str, ...], int]) -> dict[Cell, int | None]:
    """All cells that are shown, with their totals; None is hidden.

    `counts` has a number for each combination of categories; what is missing is 0. The same
    counts always hide the same cells. ValueError for categories that no dimension has.
    """
    table = _Table(cuts, counts)
    table.protect()
    return {
        cell: None if table.hidden[index] else table.true[index]
        for index, cell in table.cells()
        if table.is_shown[index]
    }


def _parts(places: Collection[int]) -> Iterator[tuple[int, ...]]:
    for number in range(len(places) + 1):
        yield from combinations(sorted(places), number)


@dataclass(frozen=True, slots=True)
class _Move:
    """Cells that change, by how much, and what hiding those that are not hidden yet would cost."""

    changes: list[tuple[int, int]]
    cost: tuple[int, int]


class _Table:
    """All cells with all totals in one row. The last category of each dimension is its total."""

    def __init__(self, cuts: Cuts, counts: Mapping[tuple[str, ...], int]) -> None:
        self.names = [list(dict.fromkeys(names)) for names in cuts.dimensions]
        self.sizes = [len(names) for names in self.names]
        self.strides = [
            prod(size + 1 for size in self.sizes[place + 1 :]) for place in range(len(self.sizes))
        ]
        self.places = list(range(len(self.sizes)))
        self.outcome = cuts.outcome
        self.coordinates = list(product(*(range(size + 1) for size in self.sizes)))
        self.named = [self._named(coordinate) for coordinate in self.coordinates]
        self.true = self._sums(counts)
        asked = {frozenset(each) for each in cuts.shown or ()}
        shown = asked | {each - {cuts.outcome} for each in asked}
        sums = {frozenset(part) for each in shown for part in _parts(each)}
        if cuts.shown is None:
            shown = sums = {frozenset(part) for part in _parts(self.places)}
        self.is_shown = [frozenset(named) in shown for named in self.named]
        self.is_guarded = [frozenset(named) in sums for named in self.named]
        weight = 2 ** len(self.sizes) + 1
        self.weights = [weight ** (len(self.sizes) - len(named)) for named in self.named]
        self.hidden = [not shown for shown in self.is_shown]
        self.lowest, self.highest = list(self.true), list(self.true)

    def _named(self, coordinate: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(place for place in self.places if coordinate[place] < self.sizes[place])

    def _sums(self, counts: Mapping[tuple[str, ...], int]) -> list[int]:
        sums = [0] * len(self.coordinates)
        numbers = [{name: number for number, name in enumerate(names)} for names in self.names]
        for names, count in counts.items():
            if count < 0 or len(names) != len(numbers):
                raise ValueError("A count is from 0 on and has one category of each dimension.")
            if any(name not in known for name, known in zip(names, numbers, strict=True)):
                raise ValueError(f"No dimension has a category of {names}.")
            indexes = [0]
            for place, name in enumerate(names):
                both = (numbers[place][name], self.sizes[place])
                indexes = [i + one * self.strides[place] for i in indexes for one in both]
            for index in indexes:
                sums[index] += count
        return sums

    def cells(self) -> Iterator[tuple[int, Cell]]:
        """All cells with their names."""
        for index, coordinate in enumerate(self.coordinates):
            yield (
                index,
                tuple(
                    names[at] if at < len(names) else None
                    for names, at in zip(self.names, coordinate, strict=True)
                ),
            )

    def protect(self) -> None:
        """Hide what the rule hides, and what would tell it. The coarsest first."""
        ranges = {index: span for index in range(len(self.true)) if (span := self._range(index))}
        for index in ranges:
            self._hide(index)
        for index in sorted(ranges, key=lambda each: (len(self.named[each]), each)):
            low, high = ranges[index]
            if self.highest[index] < high:
                self._walk(index, 1, high)
            if self.lowest[index] > low:
                self._walk(index, -1, low)
        while (told := self._told()) is not None:
            self._walk(told, 1, self.true[told] + 1)

    def _hide(self, index: int) -> None:
        """Hide a cell, and with a number the rates on it."""
        if not self.is_shown[index]:
            return
        self.hidden[index] = True
        if self.outcome is not None and self.outcome not in self.named[index]:
            stride = self.strides[self.outcome]
            for back in range(1, self.sizes[self.outcome] + 1):
                self.hidden[index - back * stride] = True

    def _told(self) -> int | None:
        """The first hidden cell of which it is not clear yet that it could be anything else."""
        cells = zip(self.hidden, self.is_shown, self.lowest, self.highest, strict=True)
        return next(
            (index for index, (hidden, shown, low, high) in enumerate(cells)
             if hidden and shown and low == high),
            None,
        )  # fmt: skip

    def _range(self, index: int) -> tuple[int, int] | None:
        """Which values a cell must be able to have; None if it is not hidden by the rule."""
        count = self.true[index]
        if not self.is_guarded[index]:
            return None
        if 0 < count < SMALLEST_COUNT:
            return 1, SMALLEST_COUNT - 1
        if self.outcome is None or self.outcome not in self.named[index]:
            return None
        behind = self.sizes[self.outcome] - self.coordinates[index][self.outcome]
        if not 0 < self.true[index + behind * self.strides[self.outcome]] < SMALLEST_DENOMINATOR:
            return None
        return (0, _OTHER_RANGE) if not count else (count - _OTHER_RANGE, count)

    def _walk(self, index: int, step: int, goal: int) -> None:
        """Move from the true table until the cell has the value, hiding whatever changes."""
        values = list(self.true)
        while values[index] != goal:
            move = self._cheapest(index, step, values)
            for cell, change in move.changes:
                values[cell] += change
                self._hide(cell)
                self.lowest[cell] = min(self.lowest[cell], values[cell])
                self.highest[cell] = max(self.highest[cell], values[cell])

    def _cheapest(self, index: int, step: int, values: Sequence[int]) -> _Move:
        best: _Move | None = None
        named, coordinate = self.named[index], self.coordinates[index]
        for number in range(len(named), -1, -1):
            for evened in combinations(named, number):
                apex = self._sum_over(coordinate, evened)
                if best and not self.hidden[apex] and self.weights[apex] > best.cost[0]:
                    continue  # that sum alone costs more
                for move in self._moves(index, step, evened, values):
                    if best is None or move.cost < best.cost:
                        best = move
                        if not move.cost[0]:
                            return move
        if best is None:
            raise AssertionError("One can always add to a count, or take from one that is not 0.")
        if best.cost[0] >= self.weights[-1]:  # it hides the grand total
            return min([best, *self._exchanges(index, step, values)], key=lambda each: each.cost)
        return best

    def _exchanges(self, index: int, step: int, values: Sequence[int]) -> Iterator[_Move]:
        """Moves that even a step out in one other count, whatever that has in common with it."""
        counts = [at for at, named in enumerate(self.named) if len(named) == len(self.places)]
        coordinate, named = self.coordinates[index], self.named[index]
        inside = {
            at for at in counts if all(self.coordinates[at][p] == coordinate[p] for p in named)
        }
        start = next((at for at in counts if at in inside and values[at] + step >= 0), None)
        for other in counts:
            if start is not None and other not in inside and values[other] >= step:
                sums = [
                    {self._sum_over(self.coordinates[at], kept) for kept in _parts(self.places)}
                    for at in (start, other)
                ]
                changes = [(at, step) for at in sorted(sums[0] - sums[1])]
                changes += [(at, -step) for at in sorted(sums[1] - sums[0])]
                yield _Move(changes, self._cost(changes))

    def _sum_over(self, coordinate: tuple[int, ...], kept: Collection[int]) -> int:
        """The cell that has these categories in the dimensions that are kept, and totals else."""
        return sum(
            (coordinate[place] if place in kept else self.sizes[place]) * self.strides[place]
            for place in self.places
        )

    def _moves(
        self, index: int, step: int, evened: tuple[int, ...], values: Sequence[int]
    ) -> Iterator[_Move]:
        """Moves that change a cell by a step and even it out over some of its dimensions.

        Over each of those another category changes the other way, so that totals over it stay.
        """
        coordinate = self.coordinates[index]
        summed = [place for place in self.places if coordinate[place] == self.sizes[place]]
        others = [
            [
                (at - coordinate[place]) * self.strides[place]
                for at in range(self.sizes[place])
                if at != coordinate[place]
            ]
            for place in evened
        ]
        for inside in product(*(range(self.sizes[place]) for place in summed)):
            start, up = index, []
            for place, at in zip(summed, inside, strict=True):
                start += (at - self.sizes[place]) * self.strides[place]
                up.append((self.sizes[place] - at) * self.strides[place])
            up += [
                (self.sizes[place] - coordinate[place]) * self.strides[place]
                for place in self.places
                if place not in evened and place not in summed
            ]
            for shifts in product(*others):
                changes = [(start, step)]
                for shift in shifts:
                    changes += [(cell + shift, -change) for cell, change in changes]
                if any(values[cell] + change < 0 for cell, change in changes):
                    continue
                for shift in up:
                    changes += [(cell + shift, change) for cell, change in changes]
                yield _Move(changes, self._cost(changes))

    def _cost(self, changes: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Rather fine cells than sums, rather counts than zeros, which people know otherwise.

        How large a count is says nothing: if the smallest were hidden along, whoever knows that
        could tell more from the sums than they may.
        """
        newly = [cell for cell, _ in changes if not self.hidden[cell]]
        return sum(self.weights[cell] for cell in newly), sum(not self.true[cell] for cell in newly)
