"""The kinds of settings: what a form may send for one, and what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite
from zoneinfo import available_timezones

from referral_hub.rules.texts import is_line

Value = int | float | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number in a range."""

    least: int
    most: int
    unit: str
    field: str = "number"
    step: str = "1"

    def read(self, sent: Sequence[str]) -> int:
        """The number. Raises ValueError saying what to use."""
        text = _one(sent)
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise ValueError(f"Use a whole number from {self.least} to {self.most}.")
        if not self.least <= int(text) <= self.most:
            raise ValueError(f"Use a whole number from {self.least} to {self.most}.")
        return int(text)


@dataclass(frozen=True, slots=True)
class Weight:
    """A number in a range, to a tenth."""

    least: float
    most: float
    unit: str = ""
    field: str = "number"
    step: str = "0.1"

    def read(self, sent: Sequence[str]) -> float:
        """The number. Raises ValueError saying what to use."""
        message = f"Use a number from {self.least:g} to {self.most:g}, such as 1.5."
        try:
            value = float(_one(sent))
        except ValueError as error:
            raise ValueError(message) from error
        if not isfinite(value) or not self.least <= value <= self.most:
            raise ValueError(message)
        return round(value, 1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: Mapping[str, str]
    field: str = "choice"

    def read(self, sent: Sequence[str]) -> str:
        """The choice. Raises ValueError when it is none."""
        if _one(sent) not in self.options:
            raise ValueError("Choose one from the list.")
        return _one(sent)


@dataclass(frozen=True, slots=True)
class Choices:
    """Several, in their order; at least as many as is said."""

    options: Mapping[str, str]
    least: int = 0
    field: str = "choices"

    def read(self, sent: Sequence[str]) -> tuple[str, ...]:
        """The choices. Raises ValueError when one is none."""
        chosen = {text for text in sent if text}
        if not chosen <= set(self.options):
            raise ValueError("Choose only from the list.")
        if len(chosen) < self.least:
            raise ValueError(f"Choose at least {self.least}.")
        return tuple(option for option in self.options if option in chosen)


@dataclass(frozen=True, slots=True)
class Text:
    """A short text."""

    most: int
    field: str = "text"

    def read(self, sent: Sequence[str]) -> str:
        """The text. Raises ValueError when it is empty or too long."""
        text = _one(sent)
        if not is_line(text, self.most):
            raise ValueError(f"Use 1 to {self.most} characters on one line.")
        return text


@dataclass(frozen=True, slots=True)
class TimeZone:
    """The name of a time zone."""

    most: int = 40
    field: str = "text"

    def read(self, sent: Sequence[str]) -> str:
        """The name. Raises ValueError when there is no such zone."""
        name = _one(sent)
        if name not in time_zones():
            raise ValueError("Use the name of a time zone, such as America/Chicago.")
        return name


Kind = WholeNumber | Weight | Choice | Choices | Text | TimeZone


@cache
def time_zones() -> frozenset[str]:
    """The names of all time zones that are places, or UTC."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def _one(sent: Sequence[str]) -> str:
    return sent[0].strip() if sent else ""
