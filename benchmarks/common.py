"""Names that the load test still takes from here; they live in `circles` and `texts`."""

from benchmarks.circles import EARTH_KM, box_around
from benchmarks.texts import telling_words

__all__ = ["EARTH_KM", "box_around", "telling_words"]
