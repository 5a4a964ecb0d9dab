"""What can go wrong, by name."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

# Faults of the machine, which say nothing of the files themselves.
_NO_DAMAGE = frozenset(
    getattr(errno, name)
    for name in ("EMFILE", "ENFILE", "ENOMEM", "ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EAGAIN")
)


class IndexUnreadable(Exception):
    """The files of the index are missing, torn or of another format: build it anew."""


@contextmanager
def damage_named(what: str = "the files of the index are damaged") -> Iterator[None]:
    """Raise IndexUnreadable for whatever goes wrong while files are read: missing, forbidden, torn.

    Damaged files fail anywhere inside Whoosh, with any error.
    """
    try:
        yield
    except (IndexUnreadable, MemoryError):
        raise
    except OSError as error:
        if error.errno in _NO_DAMAGE:
            raise
        raise IndexUnreadable(what) from error
    except Exception as error:
        raise IndexUnreadable(what) from error


class IndexBusy(Exception):
    """Another writer holds the index: try again later."""


class InvalidRequest(ValueError):
    """A search that cannot be answered. `field` names the part that is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class InvalidDocument(ValueError):
    """A document that cannot be indexed. `document_id` and `field` say where to look."""

    def __init__(self, document_id: str, field: str, message: str) -> None:
        super().__init__(f"document {document_id}: {field}: {message}")
        self.document_id = document_id
        self.field = field
        self._message = message

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        return type(self), (self.document_id, self.field, self._message)
