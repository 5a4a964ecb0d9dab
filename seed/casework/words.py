"""What people write, taken from `words.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from seed.casework.chance import Chance


@cache
def words() -> Mapping[str, Any]:
    """All word lists."""
    return tomllib.loads((files("seed.casework") / "words.toml").read_text("utf-8"))


def say(chance: Chance, kind: str, key: str = "any") -> str:
    """One sentence of a kind; of none that belongs to the key where there is no such one."""
    found: Sequence[str] = words()[kind].get(key, ("",))
    profile = words()["profile"]
    return chance.choice(found).format(
        child=chance.choice(profile["children"]),
        adult=chance.choice(profile["adults"]),
        month=chance.choice(profile["months"]),
        amount=chance.randrange(90, 1400, 10),
    )
