"""Everything that is sealed in the database: found from the tables, so that nothing is forgotten.

A column `x_sealed` of a table `t` is sealed as "t.x" with the row's primary key.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from referral_hub.models import Base
from referral_hub.rules.email_addresses import folded
from referral_hub.use_cases.steps.people import EMAIL

SUFFIX = "_sealed"


@dataclass(frozen=True, slots=True)
class BlindIndex:
    """An index over what a sealed column holds: under which name, and of which form of it."""

    column: str
    name: str
    form: Callable[[str], str]


BLIND_INDEXES: dict[str, BlindIndex] = {
    "person.email": BlindIndex("email_index", EMAIL, folded),
    "invitation.email": BlindIndex("email_index", EMAIL, folded),
}
"""By the name under which the column is sealed. An index lies in the same row."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that is sealed, and with what."""

    column: Column[Any]
    row: Column[Any]
    name: str
    index: BlindIndex | None

    @property
    def table(self) -> Table:
        """Where it is."""
        return self.column.table


def sealed_columns() -> Iterator[SealedColumn]:
    """All sealed columns, in the order of their tables."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith(SUFFIX):
                (row,) = table.primary_key.columns
                name = f"{table.name}.{column.name.removesuffix(SUFFIX)}"
                yield SealedColumn(column, row, name, BLIND_INDEXES.get(name))
