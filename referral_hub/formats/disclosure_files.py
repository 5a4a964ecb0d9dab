"""The accounting of disclosures as a file that people open in a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from referral_hub.formats.cells import csv_line
from referral_hub.rules.consent import LABEL, Category

COLUMNS = (
    "time", "shared_by", "shared_with", "what", "names_only", "purpose", "without_consent_because",
    "can_be_read", "closed", "referral", "consent", "disclosure",
)  # fmt: skip


class Accounted(Protocol):
    """One disclosure, as far as the file tells of it."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def made_at(self) -> datetime:
        """When it was."""

    @property
    def made_by(self) -> str:
        """Who shared."""

    @property
    def agency(self) -> str:
        """With whom."""

    @property
    def referral_id(self) -> UUID:
        """For which referral."""

    @property
    def categories(self) -> tuple[Category, ...]:
        """What."""

    @property
    def identity_only(self) -> bool:
        """Whether it was just names, for a check for conflicts of interest."""

    @property
    def consent_id(self) -> UUID | None:
        """Under which consent."""

    @property
    def purpose(self) -> str:
        """What for."""

    @property
    def override_reason(self) -> str:
        """Why without consent."""

    @property
    def reading(self) -> str:
        """Whether the receiver can read it."""

    @property
    def closed_at(self) -> datetime | None:
        """Since when not."""


def accounting_csv(disclosures: Iterable[Accounted]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head. Times are UTC."""
    yield csv_line(COLUMNS)
    for each in disclosures:
        yield csv_line(_cells(each))


def _cells(each: Accounted) -> tuple[str, ...]:
    return (
        _time(each.made_at),
        each.made_by,
        each.agency,
        "; ".join(LABEL[category] for category in each.categories),
        "yes" if each.identity_only else "no",
        each.purpose,
        each.override_reason,
        str(each.reading),
        "" if each.closed_at is None else _time(each.closed_at),
        str(each.referral_id),
        "" if each.consent_id is None else str(each.consent_id),
        str(each.id),
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
