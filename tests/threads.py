"""Doing things at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once(times: int, act: Callable[[int], object]) -> list[object]:
    """What each of many at once got: what it returned, or the error that it met."""
    start = Barrier(times)

    def one(number: int) -> object:
        start.wait()
        try:
            return act(number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))
