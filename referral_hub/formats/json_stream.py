"""The records of a JSON or JSON Lines file one after the other, without holding the file."""

import codecs
import json
from collections.abc import Callable, Iterator
from typing import IO

import ijson  # type: ignore[import-untyped]

from referral_hub.formats.json_kinds import (
    LIST_KEYS,
    Found,
    is_tabular_key,
    table_of_key,
    unwrapped,
)
from referral_hub.formats.packages import Member
from referral_hub.formats.records import Origin, Problem, Severity

LONGEST_LINE = 64 * 1024**2
_FIRST_LOOK = 1024**2
_BLOCK = 64 * 1024
_LINE_ENDINGS = (".jsonl", ".ndjson")
_BROKEN = (ijson.JSONError, ValueError, OverflowError, RecursionError)


def read_json(member: Member) -> Iterator[Found | Problem]:
    """Everything in the file that should be a record, and a problem where the JSON breaks.

    Reads lists item by item and JSON Lines line by line; a single nested record is held whole.
    """
    for found in _values(member):
        if isinstance(found, Found):
            yield from unwrapped(found)
        else:
            yield found


def _values(member: Member) -> Iterator[Found | Problem]:
    first = _first_line(member)
    start = first.lstrip()[:1]
    if member.ending in _LINE_ENDINGS or (start == b"{" and _is_whole_record(first)):
        return _lines(member)
    if start == b"[":
        return _until_broken(member, _array)
    return _until_broken(member, _document)


def _open(member: Member) -> IO[bytes]:
    """The file after its byte order mark."""
    stream = member.open()
    if stream.read(3) == codecs.BOM_UTF8:
        return stream
    stream.close()
    return member.open()


def _first_line(member: Member) -> bytes:
    with _open(member) as stream:
        line = b""
        while not line.strip():
            line = stream.readline(_FIRST_LOOK)
            if not line:
                break
        return line


def _is_whole_record(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except _BROKEN:
        return False


def _lines(member: Member) -> Iterator[Found | Problem]:
    with _open(member) as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if not line.strip():
                continue
            try:
                yield Found(json.loads(line, parse_constant=_no_number), "", number)
            except _BROKEN as error:
                yield _broken(member, number, error)


def _no_number(_: str) -> None:
    """NaN and Infinity are not JSON; programs write them where a number is missing."""


def _until_broken(
    member: Member, read: Callable[[IO[bytes]], Iterator[Found]]
) -> Iterator[Found | Problem]:
    """What `read` finds, and a problem with the line where the JSON breaks off."""
    with _open(member) as stream:
        try:
            yield from read(stream)
            return
        except _BROKEN as error:
            problem = error
    yield _broken(member, _line_of_break(member), problem)


def _array(stream: IO[bytes]) -> Iterator[Found]:
    for at, item in enumerate(ijson.items(stream, "item", use_float=True)):
        yield Found(item, f"[{at}]", None)


def _document(stream: IO[bytes]) -> Iterator[Found]:
    """A file of whole records and envelopes; the lists in an envelope are read item by item."""
    events = ijson.basic_parse(stream, use_float=True, multiple_values=True)
    for event, value in events:
        if event == "start_map":
            yield from _map(events)
        else:
            yield Found(_built(events, event, value), "", None)


_Events = Iterator[tuple[str, object]]


def _map(events: _Events) -> Iterator[Found]:
    rest: dict[str, object] = {}
    is_envelope = False
    for event, value in events:
        if event == "end_map":
            break
        key = str(value)
        event, value = next(events)
        if event == "start_array" and (key in LIST_KEYS or is_tabular_key(key)):
            yield from _listed(events, key)
            is_envelope = True
        else:
            rest[key] = _built(events, event, value)
    if "id" in rest or not is_envelope:
        yield Found(rest, "", None)


def _listed(events: _Events, key: str) -> Iterator[Found]:
    for at, (event, value) in enumerate(events):
        if event == "end_array":
            return
        item = _built(events, event, value)
        yield Found(item, f"{key}[{at}]", None, table_of_key(key), is_tabular_key(key))


def _built(events: _Events, event: str, value: object) -> object:
    """The whole value that begins with this event."""
    builder = ijson.ObjectBuilder()
    builder.event(event, value)
    depth = 1 if event in ("start_map", "start_array") else 0
    while depth:
        event, value = next(events)
        builder.event(event, value)
        depth += {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}.get(event, 0)
    return builder.value


class _Feeder:
    """A file that hands out its last bytes one by one, so that a break is found to the line."""

    def __init__(self, stream: IO[bytes], slow_from: int) -> None:
        self.position = 0
        self.line = 1
        self._stream = stream
        self._slow_from = slow_from

    def read(self, size: int = -1) -> bytes:
        """The next bytes; one only when the slow part is reached."""
        if self._slow_from >= 0:
            ahead = self._slow_from - self.position
            size = min(size, ahead) if ahead > 0 else 1 if size else 0
        block = self._stream.read(size)
        self.position += len(block)
        self.line += block.count(b"\n")
        return block


def _line_of_break(member: Member) -> int:
    """The line at which parsing fails: found roughly, then byte by byte."""
    rough = _parsed_until_break(member, slow_from=-1)
    return _parsed_until_break(member, slow_from=max(0, rough.position - 2 * _BLOCK)).line


def _parsed_until_break(member: Member, slow_from: int) -> _Feeder:
    with _open(member) as stream:
        feeder = _Feeder(stream, slow_from)
        try:
            for _ in ijson.basic_parse(
                feeder, buf_size=_BLOCK, use_float=True, multiple_values=True
            ):
                pass
        except _BROKEN:
            pass
        return feeder


def _broken(member: Member, line: int, error: Exception) -> Problem:
    detail = str(error).partition("\n")[0].strip()
    reason = f"the JSON is broken here: {detail or type(error).__name__}"
    return Problem(Origin(member.name, line), Severity.ERROR, "broken_json", reason)
