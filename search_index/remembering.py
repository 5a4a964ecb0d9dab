"""Answers that are remembered up to so many bytes: how large one is depends on the index."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")

# What an answer takes besides its arrays.
_LEAST_BYTES = 1_000


class Remembered(Generic[Answer]):
    """A function that remembers what it returned lately."""

    def __init__(
        self, make: Callable[..., Answer], size: Callable[[Answer], int], most_bytes: int
    ) -> None:
        """`size` tells how many bytes the arrays of an answer take."""
        self._make = make
        self._size = size
        self._left = most_bytes
        self._answers: OrderedDict[tuple[Any, ...], tuple[Answer, int]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, *asked: Any) -> Answer:
        """Return the answer, made anew unless it is remembered."""
        with self._lock:
            known = self._answers.get(asked)
            if known is not None:
                self._answers.move_to_end(asked)
                return known[0]
        answer = self._make(*asked)
        size = self._size(answer) + _LEAST_BYTES
        with self._lock:
            if asked not in self._answers:
                self._answers[asked] = answer, size
                self._left -= size
            while self._left < 0:
                self._left += self._answers.popitem(last=False)[1][1]
        return answer
