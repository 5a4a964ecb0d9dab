"""What can go wrong, by name."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

# A full disk or too many open files say nothing of the files themselves.
_SIGNS_OF_DAMAGE = (None, errno.ENOENT, errno.ENOTDIR, errno.EINVAL)


class IndexUnreadable(Exception):
    """The files of the index are missing, torn or of another format: build it anew."""


@contextmanager
def damage_named() -> Iterator[None]:
    """Raise IndexUnreadable for whatever goes wrong while Whoosh reads its files.

    Damaged files fail anywhere inside Whoosh, with any error.
    """
    try:
        yield
    except (IndexUnreadable, MemoryError):
        raise
    except OSError as error:
        if error.errno not in _SIGNS_OF_DAMAGE:
            raise
        raise IndexUnreadable("the files of the index are damaged") from error
    except Exception as error:
        raise IndexUnreadable("the files of the index are damaged") from error


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
