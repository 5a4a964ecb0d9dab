"""Which ids of a JSON file can be trusted, and the keys that records get instead."""

from collections.abc import Iterator

from referral_hub.formats.json_tree import Node
from referral_hub.formats.keys import Claims, child_key, content_key, digest, is_uuid, own_id
from referral_hub.formats.records import Origin, Problem
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import fold
from referral_hub.rules.hsds import PARTS, SHARED

_ENDS = ("service", "location")
_NAMED_ONCE = frozenset({*SHARED, "organization"})
"""Records that are known by their name in the whole file when they have no id."""


class Identities:
    """What a first reading of a file learns about its ids. Offer every tree, then ask for keys.

    An id that is no UUID is trusted unless the file uses it for different things: records of
    different names, places of different postal codes, services of different organizations.
    """

    def __init__(self) -> None:
        self._ambiguous: dict[tuple[str, str], Origin] = {}
        # A feed may hold millions of ids, so they are remembered as hashes.
        self._aspects: dict[int, int] = {}
        self._counts: dict[int, int] = {}
        self._tops = Claims()

    def offer(self, top: Node) -> None:
        """Take note of the ids in the tree of a top-level record."""
        for node, parent, owner in _walked(top):
            if node.table not in PARTS and node.raw_id and not is_uuid(node.raw_id):
                self._use(node, dict(_aspects(node, parent, owner)))
        if top.table not in PARTS and not is_uuid(top.raw_id):
            self._tops.offer([content_of(top)], content_digest(top))

    def is_ambiguous(self, table: str, raw_id: str) -> bool:
        """Whether the id stands for different records of this table."""
        return (table, raw_id) in self._ambiguous

    def is_trusted(self, node: Node, parent: Node | None) -> bool:
        """Whether the record can be known by its own id in the whole file."""
        if not node.raw_id or is_uuid(node.raw_id):
            return bool(node.raw_id)
        if self.is_ambiguous(node.table, node.raw_id):
            return False
        if node.table != "service_at_location":
            return True
        return not any(self.is_ambiguous(end, _end(node, end, parent)) for end in _ENDS)

    def top_key(self, top: Node) -> str:
        """The key of a top-level record."""
        if self.is_trusted(top, None):
            return top.raw_id
        said = content_digest(top)
        return self._tops.key([content_of(top)], said) or said

    def nested_key(
        self, node: Node, parent: Node, parent_key: str, scope: tuple[str, str]
    ) -> str | None:
        """The key of a nested record that is no part of another; None when it says nothing.

        `scope` is table and key of the top-level record that holds it.
        """
        if self.is_trusted(node, parent):
            return node.raw_id
        if node.raw_id and node.table not in SHARED:
            return child_key(*scope, node.raw_id)
        content = content_of(node)
        if node.table in _NAMED_ONCE or not content:
            return content or None
        return child_key(parent.table, parent_key, content)

    def problems(self) -> Iterator[Problem]:
        """One warning for every ambiguous id."""
        tally = Tally()
        for (table, raw_id), origin in self._ambiguous.items():
            count = self._counts[hash((table, raw_id))]
            tally.note("ambiguous_id", origin, table, record=raw_id, count=count)
        return tally.problems()

    def report_duplicate(self, top: Node, tally: Tally) -> None:
        """Note a top-level record whose id, name and postal code another record has too."""
        content = content_of(top)
        if self._tops.is_shared(content) and not self.is_trusted(top, None):
            tally.note("duplicate_record", top.origin, top.table, record=content)

    def _use(self, node: Node, aspects: dict[str, str]) -> None:
        if not aspects:
            return
        use = node.table, node.raw_id
        self._counts[hash(use)] = self._counts.get(hash(use), 0) + 1
        for aspect, content in aspects.items():
            said = hash(content)
            if self._aspects.setdefault(hash((*use, aspect)), said) != said:
                self._ambiguous.setdefault(use, node.origin)


def content_of(node: Node) -> str:
    """The id, the name and the postal code of the first address, as far as there are any."""
    return content_key(node.raw_id, node.text("name"), _postal_code(node))


def _walked(top: Node) -> Iterator[tuple[Node, Node | None, str]]:
    """Every node of a tree, with its parent and the identity of its organization."""
    pending: list[tuple[Node, Node | None, str]] = [(top, None, "")]
    while pending:
        node, parent, owner = pending.pop()
        own = node if node.table == "organization" else node.one("organization")
        owner = _identity(own) if own else owner
        yield node, parent, owner
        pending.extend((child, node, owner) for _, child in node.nested)


def _identity(organization: Node) -> str:
    if is_uuid(organization.raw_id):
        return organization.raw_id
    name = organization.text("name")
    return digest(organization.raw_id, fold(name)) if name else ""


def _aspects(node: Node, parent: Node | None, owner: str) -> Iterator[tuple[str, str]]:
    """What must be equal in two records of one id, as far as this one says it."""
    if node.table == "service_at_location":
        for end in _ENDS:
            if raw := _end(node, end, parent):
                yield end, raw
        return
    if name := fold(node.text("name")):
        yield "name", digest(name)
    if node.table == "location" and (postal_code := _postal_code(node)):
        yield "postal_code", postal_code
    if node.table in ("service", "program") and not node.is_bare and owner:
        yield "organization", owner


def _end(link: Node, table: str, parent: Node | None) -> str:
    """The raw id of the service or the location that a link between them names."""
    nested = link.one(table)
    if nested:
        return nested.raw_id
    if parent and parent.table == table:
        return parent.raw_id
    return own_id(link.fields.get(f"{table}_id"))


def _postal_code(node: Node) -> str:
    """The postal code of the first address at or below this record."""
    pending = [node]
    while pending:
        node = pending.pop()
        if node.table == "address":
            return node.text("postal_code")
        pending.extend(child for _, child in reversed(node.nested))
    return ""


def content_digest(top: Node) -> str:
    """Stands for all that a tree says, whatever the order of its keys."""
    said: list[str] = []
    pending = [top]
    while pending:
        node = pending.pop()
        said.append(repr((node.table, node.raw_id, sorted(node.fields.items(), key=str))))
        pending.extend(child for _, child in node.nested)
    return digest(*sorted(said))
