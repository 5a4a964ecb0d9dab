"""HSDS 3.x as JSON: nested records, lists of them, API pages, JSON Lines, tabular JSON."""

from collections.abc import Iterator

from referral_hub.formats.json_identity import Identities, content_digest
from referral_hub.formats.json_kinds import Found, is_api_description, kind_of
from referral_hub.formats.json_stream import read_json
from referral_hub.formats.json_tree import Node, TreeBuilder
from referral_hub.formats.keys import child_key, content_key, is_uuid, own_id
from referral_hub.formats.mapping import OWNER_FIELDS, REFERENCES, owner_of, parted
from referral_hub.formats.packages import Member, Package
from referral_hub.formats.records import Item, Origin, Problem, RawRecord, Severity
from referral_hub.formats.table_names import TABLE_OF_NAME
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import quoted
from referral_hub.rules.hsds import PARTS, SHARED, TABLES, Nested


def read_hsds_json(package: Package) -> Iterator[Item]:
    """Records and problems of the JSON files of a package.

    Each file is read twice: ids first, because an id that is no UUID may stand for many things.
    """
    members = package.documents
    identities = Identities()
    for member in members:
        for top, _ in _tops(member, TreeBuilder(member.name, Tally())):
            if isinstance(top, Node):
                identities.offer(top)
    yield from identities.problems()
    position = 0
    for member in members:
        tally = Tally()
        builder = TreeBuilder(member.name, tally)
        for top, is_tabular in _tops(member, builder):
            if isinstance(top, Problem):
                yield top
                continue
            flat = _Flattener(top, is_tabular, identities, tally, position)
            yield from builder.problems
            yield from flat.items
            builder.problems.clear()
            position = flat.position
        yield from tally.problems()


def _tops(member: Member, builder: TreeBuilder) -> Iterator[tuple[Node | Problem, bool]]:
    """The tree of each top-level record, and whether it is a row linked by ids alone."""
    of_file = TABLE_OF_NAME.get(member.stem)
    for found in read_json(member):
        if isinstance(found, Problem):
            yield found, False
            continue
        table = found.table or _table_of(found, of_file)
        if table in TABLES:
            node = builder.build(table, found.value, found.path, found.line)
            if node:
                yield node, found.is_tabular
                continue
        yield from ((problem, False) for problem in builder.problems)
        builder.problems.clear()
        if table not in TABLES:
            yield _unknown(member.name, found, table), False


def _table_of(found: Found, of_file: str | None) -> str | None:
    if not isinstance(found.value, dict):
        return None
    if is_api_description(found.value):
        return "api"
    return kind_of(found.value) or of_file


def _unknown(file: str, found: Found, table: str | None) -> Problem:
    origin = Origin(file, found.line, found.path)
    if table == "api":
        reason = "this describes an API, it holds no directory records"
        return Problem(origin, Severity.ERROR, "api_description", reason)
    if not isinstance(found.value, dict):
        reason = "a record is expected here"
        return Problem(
            origin, Severity.ERROR, "not_a_record", reason, value=quoted(type(found.value).__name__)
        )
    keys = ", ".join(list(map(str, found.value))[:12]) or "no keys at all"
    reason = "nothing tells whether this is a service, an organization or a place"
    return Problem(origin, Severity.ERROR, "unknown_kind", reason, value=quoted(keys))


class _Flattener:
    """Turns one tree into records. Builds the list at once; a tree is one top-level record."""

    def __init__(
        self, top: Node, is_tabular: bool, identities: Identities, tally: Tally, position: int
    ) -> None:
        self.items: list[Item] = []
        self.position = position
        self._identities = identities
        self._tally = tally
        self._is_tabular = is_tabular
        self._top = top
        self._known: dict[tuple[str, str], str] = {}
        self._keys: dict[int, str] = {}
        self._taken: dict[tuple[int, str, str], Node] = {}
        self._numbers: dict[tuple[int, str], int] = {}
        self._scope = top.table, ""
        self._top_key = self._key_of_top()
        self._scope = top.table, self._top_key
        self._add(top, self._top_key)

    def _key_of_top(self) -> str:
        top = self._top
        if top.table == "service_at_location" and not top.raw_id:
            return self._link_key(top, {}, "")
        if not top.raw_id:
            self._tally.note("no_id", top.origin, top.table)
        if not self._is_tabular and top.table not in PARTS:
            self._identities.report_duplicate(top, self._tally)
            return self._identities.top_key(top)
        return top.raw_id or content_digest(top)

    def _add(
        self,
        node: Node,
        key: str,
        nesting: dict[str, str] | None = None,
        owner: tuple[str, str] | None = None,
    ) -> None:
        """Add the records of a node and below. `nesting` is the references its place proves."""
        self._known.setdefault((node.table, node.raw_id), key)
        references = dict(nesting or {})
        for nested, child in node.nested:
            if not nested.many:
                child_id = self._key(child, node, key)
                self._warn_of_disagreement(node, nested.key, child.raw_id)
                references[nested.key] = child_id
                if not child.is_bare:
                    self._add(child, child_id)
        self._add_record(node, key, references, owner)
        for nested, child in node.nested:
            if nested.many:
                self._add_child(nested, child, node, key)

    def _add_child(self, nested: Nested, child: Node, parent: Node, parent_key: str) -> None:
        if child.is_bare and child.table in PARTS and not is_uuid(child.raw_id):
            self._tally.note("empty_record", child.origin, child.table)
            return
        self._warn_of_disagreement(child, nested.key, parent.raw_id)
        if nested.table in OWNER_FIELDS:
            key = self._key(child, parent, parent_key)
            self._add(child, key, owner=(parent.table, parent_key))
            return
        place = {nested.key: parent_key}
        key = self._key(child, parent, parent_key, place)
        self._add(child, key, place)

    def _add_record(
        self, node: Node, key: str, nesting: dict[str, str], owner: tuple[str, str] | None
    ) -> None:
        values, written = parted(node.table, node.fields)
        if owner:
            written.pop(OWNER_FIELDS[node.table][1], None)
        references = {
            name: self._resolved(REFERENCES[node.table][name], raw) for name, raw in written.items()
        } | nesting
        owner = owner or owner_of(node.table, values, references)
        record = RawRecord(node.table, key, values, node.origin, references, owner, self.position)
        self.items.append(record)
        self.position += 1

    def _key(
        self, node: Node, parent: Node, parent_key: str, place: dict[str, str] | None = None
    ) -> str:
        """The key of a nested record, the same each time it is asked for."""
        if id(node) not in self._keys:
            if not node.raw_id and node.table != "service_at_location":
                self._tally.note("no_id", node.origin, node.table)
            self._keys[id(node)] = self._new_key(node, parent, parent_key, place or {})
        return self._keys[id(node)]

    def _new_key(self, node: Node, parent: Node, parent_key: str, place: dict[str, str]) -> str:
        if node.table in PARTS:
            return node.raw_id if is_uuid(node.raw_id) else self._part_key(node, parent, parent_key)
        if node.raw_id and (node.is_bare or self._is_top_again(node)):
            return self._resolved(node.table, node.raw_id)
        if node.table == "service_at_location" and not node.raw_id:
            return self._link_key(node, place, parent_key)
        key = self._identities.nested_key(node, parent, parent_key, self._scope)
        return key or self._part_key(node, parent, parent_key)

    def _is_top_again(self, node: Node) -> bool:
        """Whether a nested record is the top-level record that holds it."""
        top = self._top
        is_same = (node.table, node.raw_id) == (top.table, top.raw_id)
        return is_same and node.text("name") in ("", top.text("name"))

    def _part_key(self, node: Node, parent: Node, parent_key: str) -> str:
        """A key within the parent: by own id, else by the place among the parent's records."""
        own = node.raw_id
        place = id(parent), node.table
        if not own or not self._says_the_same((*place, own), node):
            number = self._numbers[place] = self._numbers.get(place, 0) + 1
            own = f"{own}#{number}"
        return child_key(parent.table, parent_key, own)

    def _says_the_same(self, key: tuple[int, str, str], node: Node) -> bool:
        """Whether the id is free, or taken by a record that says what this one says."""
        first = self._taken.setdefault(key, node)
        return first.fields == node.fields and len(first.nested) == len(node.nested)

    def _link_key(self, link: Node, place: dict[str, str], parent_key: str) -> str:
        """The key of a link without an id: the service and the location that it joins."""
        ends = dict(place)
        for table in ("service", "location"):
            name, end = f"{table}_id", link.one(table)
            if end:
                ends[name] = self._key(end, link, parent_key)
            elif name not in ends and (raw := own_id(link.fields.get(name))):
                ends[name] = self._resolved(table, raw)
        return content_key(ends.get("service_id", "?"), "at", ends.get("location_id", "?"))

    def _resolved(self, table: str, raw: str) -> str:
        """The key of the record that a written id names."""
        if is_uuid(raw) or self._is_tabular:
            return raw
        if (table, raw) == (self._top.table, self._top.raw_id):
            return self._top_key
        if not self._identities.is_ambiguous(table, raw):
            return raw
        if table in SHARED:
            return self._known.get((table, raw), raw)
        return child_key(*self._scope, raw)

    def _warn_of_disagreement(self, node: Node, name: str, raw_id: str) -> None:
        written = own_id(node.fields.get(name))
        if not written or not raw_id or written == raw_id:
            return
        reason = f"{name} names another record than the one it is nested with; nesting was followed"
        self.items.append(
            Problem(
                node.origin,
                Severity.WARNING,
                "nesting_disagrees",
                reason,
                node.table,
                node.raw_id,
                name,
                quoted(written),
            )
        )
