"""Reads the taxonomy of needs: ten domains, each a file in `needs/`, three levels deep."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

DOMAINS = (
    "housing",
    "health",
    "education",
    "legal",
    "food",
    "work",
    "money",
    "transport",
    "safety",
    "family",
)
"""The domains in the order in which people see them: the four of the network first."""


@dataclass(frozen=True, slots=True)
class Need:
    """One term: a domain, a group in it, or a need, by its dotted `code`.

    `lay` is how clients say it, `professional` how listings write it. `open_eligibility` are ids
    of Open Eligibility 2.0 that mean the same (Aunt Bertha, CC BY-SA 3.0; ids only).
    """

    code: str
    label: str
    label_es: str
    definition: str
    lay: tuple[str, ...] = ()
    professional: tuple[str, ...] = ()
    spanish: tuple[str, ...] = ()
    open_eligibility: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        """The UUID of its taxonomy term, the same in every hub."""
        return uuid5(NAMESPACE_URL, f"https://referral-hub.org/needs/{self.code}")

    @property
    def level(self) -> int:
        """1 for a domain, 2 for a group, 3 for a need."""
        return self.code.count(".") + 1

    @property
    def parent(self) -> str | None:
        """The code one level up."""
        return self.code.rpartition(".")[0] or None

    @property
    def ancestors(self) -> tuple[str, ...]:
        """Codes of all levels above, the nearest first."""
        parts = self.code.split(".")
        return tuple(".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))

    @property
    def domain(self) -> str:
        """The code of its domain."""
        return self.code.partition(".")[0]

    @property
    def phrases(self) -> tuple[str, ...]:
        """Every way to say it, each once."""
        said = (self.label, self.label_es, *self.lay, *self.professional, *self.spanish)
        return tuple(dict.fromkeys(said))


@cache
def needs() -> Mapping[str, Need]:
    """All terms by code, parents before children, in the order of their files."""
    return MappingProxyType({need.code: need for need in _read()})


def need_words(code: str) -> str:
    """A need as people read it; its code where the taxonomy has it no longer."""
    need = needs().get(code)
    return code if need is None else need.label


def children(code: str | None) -> tuple[Need, ...]:
    """The terms directly below a code; the domains for None."""
    return tuple(need for need in needs().values() if need.parent == code)


def _read() -> Iterator[Need]:
    folder = files("referral_hub.vocabulary") / "needs"
    for domain in DOMAINS:
        document = tomllib.loads((folder / f"{domain}.toml").read_text(encoding="utf-8"))
        for entry in document["need"]:
            yield Need(**{name: _frozen(value) for name, value in entry.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
