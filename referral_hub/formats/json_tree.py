"""A nested JSON record as a tree of nodes under the standard's names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from referral_hub.formats.json_names import (
    ADDRESS_FIELDS,
    NESTED,
    OBJECT_ALIASES,
    TEXT_FIELDS,
    Alias,
    alias_of,
)
from referral_hub.formats.keys import own_id
from referral_hub.formats.mapping import FIELDS
from referral_hub.formats.records import Origin, Problem, Severity
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import clean, quoted, washed
from referral_hub.rules.hsds import ADDRESS_TYPES, Nested

MOST_LEVELS = 12

PLAIN_FIELDS = {name: fields - NESTED[name].keys() - {"id"} for name, fields in FIELDS.items()}
"""Per table: the fields that hold one value."""


@dataclass(slots=True)
class Node:
    """One record of a tree: its own fields, and the records nested in it."""

    table: str
    origin: Origin
    raw_id: str = ""
    fields: dict[str, object] = field(default_factory=dict)
    nested: list[tuple[Nested, "Node"]] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        """Whether it only names a record by its id."""
        return not self.fields and not self.nested

    def text(self, name: str) -> str:
        """A field as text, empty when it is absent."""
        return str(self.fields.get(name, ""))

    def one(self, table: str) -> "Node | None":
        """The nested record of this table that this node refers to."""
        return next((node for n, node in self.nested if not n.many and node.table == table), None)


class TreeBuilder:
    """Builds trees for one file; collects what it met in `problems` and in the tally."""

    def __init__(self, file: str, tally: Tally) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._tally = tally

    def build(
        self, table: str, value: object, path: str, line: int | None, level: int = 0
    ) -> Node | None:
        """The tree of one record, or None (with a problem) where there is none."""
        origin = Origin(self._file, line, path)
        if isinstance(value, str) and table in TEXT_FIELDS:
            self._tally.note("known_alias", origin, table, "plain text", TEXT_FIELDS[table])
            value = {TEXT_FIELDS[table]: value}
        if not isinstance(value, dict):
            self._warn(origin, "not_a_record", f"a record of {table} is expected", table, "", value)
            return None
        if level > MOST_LEVELS:
            self._warn(origin, "too_deep", "records are nested too deep", table, "", "")
            return None
        node = Node(table, origin)
        plain = PLAIN_FIELDS[table]
        for key, content in value.items():
            if _is_empty(content):
                continue
            if key in plain and not isinstance(content, dict | list):
                self._add_scalar(node, key, content)
            else:
                self._add(node, clean(str(key)), content, level)
        if table == "location":
            self._lift_address(node)
        return node

    def _add(self, node: Node, key: str, content: object, level: int) -> None:
        if key == "id":
            self._add_id(node, content)
        elif key in NESTED[node.table]:
            self._add_nested(node, key, key, content, level)
        elif key in FIELDS[node.table]:
            self._add_field(node, key, content, level)
        elif alias := alias_of(node.table, key):
            self._add_alias(node, key, alias, content, level)
        elif node.table == "location" and key in ADDRESS_FIELDS:
            self._add_scalar(node, f"address.{key}", content)
        else:
            self._tally.note("unknown_field", node.origin, node.table, key)

    def _add_id(self, node: Node, content: object) -> None:
        node.raw_id = own_id(content)
        if not node.raw_id:
            reason = "an id is text or a number"
            self._warn(node.origin, "bad_id", reason, node.table, "id", content)

    def _add_alias(self, node: Node, key: str, alias: Alias, content: object, level: int) -> None:
        meant = f"{alias.key}.{alias.through}" if alias.through else alias.key
        self._tally.note("known_alias", node.origin, node.table, key, meant)
        if alias.through:
            self._add_links(node, key, alias, content, level)
        elif alias.key in NESTED[node.table]:
            self._add_nested(node, alias.key, key, content, level)
        elif alias.key not in node.fields:
            self._add_scalar(node, alias.key, content)

    def _add_field(self, node: Node, key: str, content: object, level: int) -> None:
        meant = OBJECT_ALIASES.get((node.table, key))
        if meant and isinstance(content, dict):
            self._tally.note("known_alias", node.origin, node.table, key, meant)
            self._add_nested(node, meant, key, content, level)
        else:
            self._add_scalar(node, key, content)

    def _add_scalar(self, node: Node, key: str, content: object) -> None:
        if isinstance(content, str):
            if content := washed(content):
                node.fields[key] = content
        elif isinstance(content, dict | list):
            reason = f"“{key}” holds one value, not a list or a record; it was left out"
            self._warn(node.origin, "not_a_value", reason, node.table, key, content)
        else:
            node.fields[key] = content

    def _add_nested(self, node: Node, key: str, written: str, content: object, level: int) -> None:
        nested = NESTED[node.table][key]
        nodes = [
            self.build(nested.table, item, path, node.origin.line, level + 1)
            for path, item in _items(_joined(node.origin.path, written), content)
        ]
        found = [child for child in nodes if child is not None]
        if not nested.many and len(found) > 1:
            reason = f"“{written}” holds one record here; only the first was read"
            self._warn(node.origin, "one_expected", reason, node.table, key, "")
            found = found[:1]
        node.nested.extend((nested, child) for child in found)

    def _add_links(self, node: Node, key: str, alias: Alias, content: object, level: int) -> None:
        """Put a link record between a service and the places it names, or the other way round."""
        nested = NESTED[node.table][alias.key]
        for path, item in _items(_joined(node.origin.path, key), content):
            link = Node(nested.table, Origin(self._file, node.origin.line, path))
            inner = NESTED[nested.table].get(alias.through)
            if inner is None:
                self._add_scalar(link, alias.through, item)
            elif child := self.build(inner.table, item, path, node.origin.line, level + 1):
                link.nested.append((inner, child))
            if not link.is_bare:
                node.nested.append((nested, link))

    def _lift_address(self, node: Node) -> None:
        """Make an address of the address fields that stand on the location itself."""
        found = {
            key.removeprefix("address."): node.fields.pop(key)
            for key in list(node.fields)
            if key.startswith("address.")
        }
        if not found or any(child.table == "address" for _, child in node.nested):
            return
        self._tally.note("known_alias", node.origin, "location", "address fields", "addresses")
        if node.fields.get("location_type") in ADDRESS_TYPES:
            found.setdefault("address_type", node.fields["location_type"])
        address = Node("address", node.origin, fields=found)
        node.nested.append((NESTED["location"]["addresses"], address))

    def _warn(
        self, origin: Origin, code: str, reason: str, table: str, name: str, value: object
    ) -> None:
        problem = Problem(
            origin, Severity.WARNING, code, reason, table, field=name, value=_shown(value)
        )
        self.problems.append(problem)


def _items(path: str, content: object) -> Iterator[tuple[str, object]]:
    """The records under a key with their paths, whether it holds a list or one of them."""
    if isinstance(content, list):
        yield from (
            (f"{path}[{at}]", item) for at, item in enumerate(content) if not _is_empty(item)
        )
    else:
        yield path, content


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return f"a {'record' if isinstance(value, dict) else 'list'} of {len(value)}"
    return quoted(value)


def _is_empty(content: object) -> bool:
    if isinstance(content, str):
        return not content or content.isspace()
    return content is None or content == [] or content == {}
