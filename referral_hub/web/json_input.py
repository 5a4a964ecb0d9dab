"""JSON that says each thing once: of two values for one key, nobody can know which is meant."""

from collections import Counter
from itertools import islice
from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.texts import require_readable

MOST_NAMED = 10


def register_json_input(app: Flask) -> None:
    """Let every body that the hub reads raise InvalidInput where an object has a key twice."""
    app.json = _EachKeyOnce(app)


class _EachKeyOnce(DefaultJSONProvider):
    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return super().loads(s, object_pairs_hook=_object, **kwargs)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        twice = list(islice((key for key in counted if counted[key] > 1), MOST_NAMED))
        for key in twice:
            require_readable(key)  # what is named in an answer has not been looked at yet
        message = "Give it once."
        faults = {key[:60]: message for key in twice}
        listed = " ".join(f"{key}: {message}" for key in faults)
        raise InvalidInput(f"Some fields cannot be used. {listed}", faults)
    return made
