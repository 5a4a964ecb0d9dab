"""The records of a JSON or JSON Lines file one after the other, without holding the file."""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

import ijson

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
_STARTS: dict[str, type[dict[str, Any]] | type[list[Any]]] = {
    "start_map": dict,
    "start_array": list,
}
_ENDS = ("end_map", "end_array")
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
    return _until_broken(member)


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


def _until_broken(member: Member) -> Iterator[Found | Problem]:
    """What the file holds, and a problem with the line where the JSON breaks off."""
    with _open(member) as stream:
        try:
            yield from _document(stream)
            return
        except _BROKEN as error:
            problem = error
    yield _broken(member, _line_of_break(member), problem)


_Event = tuple[str, Any]
_Events = Iterator[_Event]


def _events(stream: Any) -> _Events:
    """What the JSON is made of, bit by bit."""
    events: _Events = ijson.basic_parse(
        stream, buf_size=_BLOCK, use_float=True, multiple_values=True
    )
    return events


def _document(stream: IO[bytes]) -> Iterator[Found]:
    """A file of lists, records and envelopes; lists and envelopes are read item by item."""
    events = _events(stream)
    for event in events:
        if event[0] == "start_map":
            yield from _map(events)
        elif event[0] == "start_array":
            yield from (Found(item, f"[{at}]", None) for at, item in _listed(events))
        else:
            yield Found(event[1], "", None)


def _map(events: _Events) -> Iterator[Found]:
    rest: dict[str, object] = {}
    is_envelope = False
    for event, key in events:
        if event == "end_map":
            break
        first = next(events)
        if first[0] == "start_array" and (key in LIST_KEYS or is_tabular_key(key)):
            is_envelope = True
            table, is_tabular = table_of_key(key), is_tabular_key(key)
            for at, item in _listed(events):
                yield Found(item, f"{key}[{at}]", None, table, is_tabular)
        else:
            rest[key] = _built(events, first)
    if "id" in rest or not is_envelope:
        yield Found(rest, "", None)


def _listed(events: _Events) -> Iterator[tuple[int, object]]:
    """The items of a list that has begun, with their numbers."""
    for number, event in enumerate(events):
        if event[0] == "end_array":
            return
        yield number, _built(events, event)


def _built(events: _Events, first: _Event) -> object:
    """The whole value that begins with this event."""
    if first[0] not in _STARTS:
        return first[1]
    open_values: list[Any] = [_STARTS[first[0]]()]
    keys = [""]
    for event, value in events:
        if event == "map_key":
            keys[-1] = value
        elif event in _ENDS:
            done = open_values.pop()
            keys.pop()
            if not open_values:
                return done
        else:
            new = _STARTS[event]() if event in _STARTS else value
            holder = open_values[-1]
            if isinstance(holder, list):
                holder.append(new)
            else:
                holder[keys[-1]] = new
            if event in _STARTS:
                open_values.append(new)
                keys.append("")
    raise ValueError("it ends too early")


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
            for _ in _events(feeder):
                pass
        except _BROKEN:
            pass
        return feeder


def _broken(member: Member, line: int, error: Exception) -> Problem:
    detail = str(error).partition("\n")[0].strip()
    reason = f"the JSON is broken here: {detail or type(error).__name__}"
    return Problem(Origin(member.name, line), Severity.ERROR, "broken_json", reason)
