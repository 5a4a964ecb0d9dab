"""Whatever stands in a file, reading it yields records and problems, or one of the named errors."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from referral_hub.formats.detect import Format
from referral_hub.formats.errors import FormatError
from referral_hub.formats.json_names import ALIASES, NESTED
from referral_hub.formats.mapping import FIELDS
from tests.formats.reading import reading

KEYS = sorted(
    {key for keys in (*FIELDS.values(), *NESTED.values(), *ALIASES.values()) for key in keys}
    | {"contents", "hsds", "services.csv", "openapi_url", "version", "profile"}
)
NAMES = [
    "services.csv", "locations.csv", "regular_schedules.csv", "holiday_schedules.csv",
    "taxonomy.csv", "mail_addresses.csv", "eligibility.csv", "other_attributes.csv", "sites.csv",
]  # fmt: skip
HEADERS = [*KEYS, "weekday", "closed", "start_date", "taxonomy_ids", "keywords", "hours", "zip"]

plain = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["1", "a", "active"])
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=8)
    ),
    max_leaves=30,
)
cells = st.text(alphabet='ab1,"\n;\t é0:apm-/ ', max_size=10) | st.sampled_from(HEADERS)
tables = st.lists(st.lists(cells, max_size=7).map(",".join), max_size=6).map("\n".join)


def read_twice(name: str, content: bytes, form: Format | None) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            first = reading(path, form)
        except FormatError as error:
            assert str(error)  # noqa: PT017 - most inputs have no error to wait for
        else:
            assert repr(first) == repr(reading(path, form))


@settings(max_examples=100, deadline=None)
@given(values, st.sampled_from(["a.json", "a.jsonl"]))
def test_any_json_is_read_without_harm(value: object, name: str) -> None:
    read_twice(name, json.dumps(value).encode(), Format.HSDS_JSON)


@settings(max_examples=150, deadline=None)
@given(tables, st.sampled_from(NAMES), st.sampled_from([None, *Format]))
def test_any_csv_is_read_without_harm(text: str, name: str, form: Format | None) -> None:
    read_twice(name, text.encode(), form)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["a", "a.json", "a.jsonl", "services.csv", "a.zip"]),
    st.sampled_from([None, *Format]),
)
def test_any_bytes_are_read_without_harm(content: bytes, name: str, form: Format | None) -> None:
    read_twice(name, content, form)
