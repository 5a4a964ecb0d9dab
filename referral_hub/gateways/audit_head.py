"""The end of the audit's chain, kept in a file: out of reach of who has only the database."""

import json
from pathlib import Path
from uuid import uuid4

from referral_hub.rules.audit import Head
from referral_hub.rules.errors import InvalidInput


def head_text(head: Head) -> str:
    """A head as `audit head` prints it."""
    return json.dumps({"position": head.position, "seal": head.seal.hex()})


def read_head(path: Path) -> Head:
    """The head that a file holds. Raises InvalidInput for anything else, and OSError."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(written["position"]), bytes.fromhex(written["seal"]))
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"{path} does not hold the head of an audit.") from error


class KeptHead:
    """The head of the last sealing, replaced at one stroke."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Head | None:
        """The head that was kept last; None when none ever was."""
        return read_head(self._path) if self._path.exists() else None

    def keep(self, head: Head) -> None:
        """Keep a head instead of the last one."""
        fresh = self._path.with_name(f"{self._path.name}.{uuid4().hex}")
        fresh.write_text(head_text(head), encoding="utf-8")
        fresh.replace(self._path)
