"""Reads the kinds of people whom a search may name."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class PopulationTerm:
    """A kind of people: how a search names them, and by which signs a listing is for them.

    `trouble` says that what makes them a kind is itself what they seek help with.
    """

    code: str
    label: str
    phrases: tuple[str, ...]
    signs: tuple[str, ...]
    trouble: bool = False


@cache
def populations() -> tuple[PopulationTerm, ...]:
    """All kinds of people, in the order of the file."""
    text = (files("referral_hub.vocabulary") / "populations.toml").read_text(encoding="utf-8")
    return tuple(
        PopulationTerm(
            entry["code"],
            entry["label"],
            tuple(entry["phrases"]),
            tuple(entry["signs"]),
            entry.get("trouble", False),
        )
        for entry in tomllib.loads(text)["population"]
    )
