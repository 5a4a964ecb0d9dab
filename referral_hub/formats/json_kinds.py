"""What a JSON value is: a record of some table, an envelope around records, or neither."""

from collections.abc import Iterator
from dataclasses import dataclass

from referral_hub.formats.json_names import ALIASES, NESTED
from referral_hub.formats.mapping import FIELDS
from referral_hub.formats.table_names import TABLE_OF_NAME
from referral_hub.rules.hsds import TABLES

LIST_KEYS = frozenset({"contents", "items", "results", "data", "records"})
"""Keys under which the lists of an API hold their records."""

RECORD_KEYS = ("hsds", "record", "data", "payload")
"""Keys under which a feed wraps each record."""

_KINDS = (
    "organization",
    "service",
    "location",
    "service_at_location",
    "taxonomy_term",
    "taxonomy",
)
_SAID_BY_ALL = frozenset({"id", "name", "description", "alternate_name", "attributes", "metadata"})
_OWN_KEYS = {
    kind: (FIELDS[kind] | NESTED[kind].keys()) - _SAID_BY_ALL - {"service_at_locations"}
    for kind in _KINDS
}
_OWN_KEYS["service"] = _OWN_KEYS["service"] | {"service_at_locations"}
_ALIAS_KEYS = {kind: frozenset(ALIASES.get(kind, {})) for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Found:
    """A value that should be a record. `table` is known where the place of the value says it."""

    value: object
    path: str
    line: int | None
    table: str | None = None
    is_tabular: bool = False


def kind_of(record: dict[str, object]) -> str | None:
    """The table of a record by its keys, those of the standard first; None when none tells."""
    counts = {
        kind: (len(_OWN_KEYS[kind] & record.keys()), len(_ALIAS_KEYS[kind] & record.keys()))
        for kind in _KINDS
    }
    best = max(_KINDS, key=lambda kind: counts[kind])
    return best if any(counts[best]) else None


def is_api_description(record: dict[str, object]) -> bool:
    """Whether it is what the root of an HSDS API answers: it describes the API."""
    about = {"profile", "publisher", "data_guide"} & record.keys()
    return "id" not in record and ("openapi_url" in record or ("version" in record and bool(about)))


def table_of_key(key: str) -> str | None:
    """The table whose records stand under this key, such as `organizations.csv` or `services`."""
    table = TABLE_OF_NAME.get(key.strip().lower().removesuffix(".csv"))
    return table if table in TABLES else None


def is_tabular_key(key: str) -> bool:
    """Whether the key names a CSV file: the rows under it are linked by ids, not by nesting."""
    return key.strip().lower().endswith(".csv") and table_of_key(key) is not None


def unwrapped(found: Found, level: int = 0) -> Iterator[Found]:
    """The records inside the envelopes around them, if any."""
    value = found.value
    if not isinstance(value, dict) or found.table or level > 3:
        yield found
        return
    wrapped = next((key for key in RECORD_KEYS if isinstance(value.get(key), dict)), None)
    lists = [key for key in value if _holds_records(value, key)]
    if wrapped and kind_of(value) is None:
        inner = Found(value[wrapped], _joined(found.path, wrapped), found.line)
        yield from unwrapped(inner, level + 1)
    elif lists and not {"id", "name"} & value.keys():
        for key in lists:
            for at, item in enumerate(value[key]):
                path = f"{_joined(found.path, key)}[{at}]"
                inner = Found(item, path, found.line, table_of_key(key), is_tabular_key(key))
                yield from unwrapped(inner, level + 1)
    else:
        yield found


def _holds_records(value: dict[str, object], key: str) -> bool:
    listed = key in LIST_KEYS or table_of_key(key) is not None
    return listed and isinstance(value[key], list)


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
