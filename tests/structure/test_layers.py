"""What import-linter cannot see of the house's shape."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("referral_hub", "search_index", "seed")


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def sources() -> list[Path]:
    return [path for path in modules() if "migrations" not in path.parts]


def test_only_one_file_commits() -> None:
    committing = {
        str(path.relative_to(ROOT))
        for path in sources()
        if path.is_relative_to(ROOT / "referral_hub")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert committing == {"referral_hub/use_cases/transaction.py"}


def test_only_one_file_writes_the_audit() -> None:
    writing = {
        str(path.relative_to(ROOT))
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("AuditRow")
    }
    assert writing == {"referral_hub/use_cases/steps/audit.py"}


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_hides_inside_a_function(path: Path) -> None:
    tree = ast.parse(path.read_text())
    hidden = [
        node.lineno
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_rules_and_use_cases_never_read_a_clock(path: Path) -> None:
    if "rules" not in path.parts and "use_cases" not in path.parts:
        return
    calls = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"utcnow", "today", "monotonic"}
    }
    assert calls - {"today"} == set()
    assert "datetime.now(" not in path.read_text()
    assert "date.today(" not in path.read_text()


def public_use_cases() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in (ROOT / "referral_hub" / "use_cases").glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [argument.arg for argument in node.args.args]
                if "actor" in arguments:
                    yield f"{path.stem}.{node.name}", node


USE_CASES = dict(public_use_cases())


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_every_use_case_asks_for_permission_first(name: str) -> None:
    first = next(node for node in USE_CASES[name].body if not _is_docstring(node))
    assert ast.unparse(first).startswith("require(actor, Permission."), name


def test_there_are_use_cases_to_check() -> None:
    assert len(USE_CASES) >= 8


def test_no_use_case_calls_another() -> None:
    names = {name.partition(".")[2] for name in USE_CASES}
    for name, function in USE_CASES.items():
        called = {
            node.func.id
            for node in ast.walk(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert not called & (names - {name.partition(".")[2]}), name


def test_no_module_is_named_for_nothing() -> None:
    assert not {path.stem for path in modules()} & {"utils", "helpers", "common", "misc"}


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
