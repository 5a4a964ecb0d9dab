"""Whatever is sealed is known to the rotation of keys, and sealed under its own name."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import LargeBinary

from referral_hub.models import Base
from referral_hub.use_cases.steps.sealed_columns import BLIND_INDEXES, SUFFIX, sealed_columns
from tests.structure.test_layers import ROOT, sources

NAMES = {column.name for column in sealed_columns()}


def test_every_column_of_sealed_bytes_is_known() -> None:
    expected = {
        f"{table.name}.{column.name.removesuffix(SUFFIX)}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith(SUFFIX)
    }
    assert expected == NAMES
    assert {"person.email", "outbox.payload", "signing_key.private"} <= NAMES


def test_sealed_values_are_bytes_in_rows_with_one_key() -> None:
    for sealed in sealed_columns():
        assert isinstance(sealed.column.type, LargeBinary), sealed.name
        assert [sealed.row] == list(sealed.table.primary_key.columns), sealed.name


def test_every_blind_index_is_known_and_belongs_to_a_sealed_column() -> None:
    expected = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_index") and isinstance(column.type, LargeBinary)
    }
    known = {(name.partition(".")[0], index.column) for name, index in BLIND_INDEXES.items()}
    assert known == expected
    assert set(BLIND_INDEXES) <= NAMES


def test_values_are_sealed_and_opened_under_names_that_the_rotation_knows() -> None:
    used = {name for path in sources() for name in names_used(path)}
    assert "outbox.payload" in used
    assert used <= NAMES, "a name of vault.seal or vault.open that is no sealed column"


def names_used(path: Path) -> Iterator[str]:
    """The names, as far as they are constants, under which a module seals or opens."""
    if not path.is_relative_to(ROOT / "referral_hub"):
        return
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("vault.seal", "vault.open", "vault().seal", "vault().open")
        ):
            yield from (name for name in (constant(node.args[0], path, tree),) if name)


def constant(node: ast.expr, path: Path, tree: ast.Module) -> str | None:
    """The text of an argument: written there, or a constant of this or of an imported module."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if not isinstance(node, ast.Name):
        return None
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == node.id:
            return str(ast.literal_eval(statement.value))
        if isinstance(statement, ast.ImportFrom) and statement.module:
            for alias in statement.names:
                origin = ROOT / (statement.module.replace(".", "/") + ".py")
                if (alias.asname or alias.name) == node.id and origin.exists():
                    source = ast.parse(origin.read_text())
                    return constant(ast.Name(alias.name), origin, source)
    return None
