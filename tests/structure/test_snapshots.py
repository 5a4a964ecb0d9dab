"""Nothing in the code rewrites what was shared or agreed."""

import ast
from collections.abc import Iterator

from referral_hub.models import Consent, Disclosure
from referral_hub.models.consent import ENDINGS
from tests.structure.test_layers import ROOT, sources

WRITER = "referral_hub/use_cases/steps/snapshots.py"
FIXED = {"values_sealed", "override_sealed", "identity_only"}
"""Columns that only a disclosure has: whoever sets one writes a disclosure."""


def writes(tree: ast.AST, names: set[str]) -> Iterator[str]:
    """The attributes of these names that are set, and the tables of which rows are updated or
    deleted in the database itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from {node.attr} & names
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"update", "delete"}:
            yield f"{ast.unparse(node.func)} {ast.unparse(node.args[0])}"
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "setattr":
            yield from {ast.unparse(node.args[1]).strip("'")} & names


def found(names: set[str]) -> dict[str, set[str]]:
    """What each module of the hub writes."""
    by_module = {
        str(path.relative_to(ROOT)): set(writes(ast.parse(path.read_text()), names))
        for path in sources()
        if path.is_relative_to(ROOT / "referral_hub")
    }
    return {module: written for module, written in by_module.items() if written}


def test_snapshots_are_written_in_one_place() -> None:
    setting = {module for module, written in found(FIXED).items() if written & FIXED}
    assert setting == {WRITER}


def test_nothing_updates_or_deletes_what_was_shared_or_agreed_in_the_database() -> None:
    touched = {
        each for written in found(set()).values() for each in written
        if each.endswith((" Disclosure", " Consent", " ConsentRecipient"))
    }  # fmt: skip
    assert touched == set()


def test_what_may_be_written_later_is_how_they_end() -> None:
    assert {Consent: {"revoked_at", "revoked_by"}, Disclosure: {"closed_at"}} == ENDINGS


def test_the_search_would_find_a_rewriting() -> None:
    bad = ast.parse("row.values_sealed = b''\nsession.execute(update(Disclosure))")
    assert set(writes(bad, FIXED)) == {"values_sealed", "update Disclosure"}
