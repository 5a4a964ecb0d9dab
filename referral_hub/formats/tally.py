"""Things worth saying once a file, however many records they touch."""

from collections.abc import Iterator
from dataclasses import dataclass

from referral_hub.formats.records import Origin, Problem, Severity

_TEXTS = {
    "known_alias": (
        Severity.NOTICE,
        "{table}: “{field}” is not the standard's name; read as “{value}” ({times})",
    ),
    "unknown_field": (
        Severity.NOTICE,
        "{table}: “{field}” is not part of the standard and was left out ({times})",
    ),
    "left_out": (
        Severity.NOTICE,
        "{table}: “{field}” has no place in the standard and was left out ({times})",
    ),
    "no_id": (
        Severity.NOTICE,
        "{table}: records came without an id and were given one ({times})",
    ),
    "no_hours": (
        Severity.NOTICE,
        "{table}: a weekday is named without hours; it stays without times ({times})",
    ),
    "empty_record": (
        Severity.NOTICE,
        "{table}: records that hold nothing but an id were left out ({times})",
    ),
    "repeated_row": (
        Severity.NOTICE,
        "rows that repeat another row word for word were read once ({times})",
    ),
    "hours_as_text": (
        Severity.NOTICE,
        "opening hours that could not be read as times were kept as text ({times})",
    ),
    "ambiguous_id": (
        Severity.WARNING,
        "{table}: the id “{record}” stands for different records ({count} in all); "
        "they are told apart by name and place",
    ),
    "duplicate_record": (
        Severity.WARNING,
        "{table}: different records share the id, name and postal code “{record}” "
        "({count} in all); check whether they are one",
    ),
}

_MOST_ENTRIES = 1000


@dataclass(slots=True)
class _Entry:
    first: Origin
    count: int = 0


class Tally:
    """Counts what was met, and says it once at the end with the first place it stood."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str, str, str, str], _Entry] = {}

    def note(
        self,
        code: str,
        origin: Origin,
        table: str = "",
        field: str = "",
        value: str = "",
        record: str = "",
        count: int = 1,
    ) -> None:
        """Count `count` more cases of `code` for this table, field and record."""
        key = (code, table, field, value, record)
        if len(self._entries) >= _MOST_ENTRIES and key not in self._entries:
            key = (code, table, "…", "…", "…")
        self._entries.setdefault(key, _Entry(origin)).count += count

    def problems(self) -> Iterator[Problem]:
        """One problem for everything noted, in the order it was first met."""
        for (code, table, field, value, record), entry in self._entries.items():
            severity, text = _TEXTS[code]
            times = "once" if entry.count == 1 else f"{entry.count:,} times"
            reason = text.format(
                table=table,
                field=field,
                value=value,
                record=record,
                count=entry.count,
                times=times,
            )
            yield Problem(entry.first, severity, code, reason, table, record, field, value)
