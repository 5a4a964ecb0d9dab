"""Keys in portions: no database takes any number of parameters in one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Key = TypeVar("Key")
BATCH = 500


def in_batches(keys: Iterable[Key], size: int = BATCH) -> Iterator[list[Key]]:
    """The keys in their order, at most `size` at a time."""
    rest = iter(keys)
    while batch := list(islice(rest, size)):
        yield batch
