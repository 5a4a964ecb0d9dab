"""Names that may exist only once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from referral_hub.rules.errors import InvalidInput


@contextmanager
def only_once(session: Session, field: str, message: str) -> Iterator[None]:
    """What is written inside breaks no rule of the tables but that of being the only one.

    Raises InvalidInput for the field where it is not. The transaction must end then.
    """
    try:
        yield
        session.flush()
    except IntegrityError as error:
        raise InvalidInput(message, {field: message}) from error
