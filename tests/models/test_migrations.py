"""The migrations and the models describe one and the same database."""

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect

from referral_hub.models import DIRECTORY, Base
from referral_hub.rules.hsds import TABLES


def test_a_migration_from_empty_equals_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_check_constraints_of_closed_lists_reach_the_database(engine: Engine) -> None:
    expected = {
        (table.name, constraint.name, _listed(str(constraint.sqltext)))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    found = {
        (table, constraint["name"], _listed(constraint["sqltext"]))
        for table in inspect(engine).get_table_names()
        for constraint in inspect(engine).get_check_constraints(table)
    }
    assert expected <= found


def _listed(condition: str) -> frozenset[str]:
    """The values that a condition lists."""
    return frozenset(re.findall(r"'([^']*)'", condition))


def test_every_table_of_the_standard_has_its_columns_and_required_fields() -> None:
    for name, table in TABLES.items():
        columns = DIRECTORY[name].__table__.columns
        for field in table.fields:
            assert field.name in columns, f"{name}.{field.name}"
            assert columns[field.name].nullable is not field.required, f"{name}.{field.name}"


def test_every_key_of_the_standard_is_a_foreign_key() -> None:
    for name, table in TABLES.items():
        columns = DIRECTORY[name].__table__.columns
        for field in table.references:
            (key,) = columns[field.name].foreign_keys
            assert key.target_fullname == f"{field.references}.id"
