"""Who may do what: the whole table, cell by cell."""

from uuid import UUID

import pytest

from referral_hub.rules.actor import Anonymous, Application, Link, Person, System
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.permissions import ALLOWED, MEANING, Permission, is_allowed, require

AGENCY = UUID(int=1)
ACTORS = {
    "anonymous": Anonymous(),
    "case manager": Person(UUID(int=2), AGENCY, frozenset({"case_manager"})),
    "steward": Person(UUID(int=3), None, frozenset({"network_steward"})),
    "application": Application("app", AGENCY, frozenset({"directory.read"})),
    "application without scope": Application("app", AGENCY, frozenset()),
    "link": Link(UUID(int=4), "answer-referral"),
    "system": System(),
}
EXPECTED = {
    Permission.DIRECTORY_SEARCH: set(ACTORS),
    Permission.DIRECTORY_READ: set(ACTORS),
    Permission.DIRECTORY_IMPORT: {"steward", "system"},
    Permission.DIRECTORY_EXPORT: {"steward", "application", "system"},
    Permission.CAPACITY_RECORD: {"system"},
    Permission.LOCATION_PROTECT: {"system"},
    Permission.INDEX_MAINTAIN: {"system"},
    Permission.SEARCHES_COUNT: {"system"},
}


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("name", list(ACTORS))
def test_each_actor_may_do_exactly_this(permission: Permission, name: str) -> None:
    assert is_allowed(ACTORS[name], permission) is (name in EXPECTED[permission])


def test_every_permission_is_in_the_table_and_has_a_meaning() -> None:
    assert set(ALLOWED) == set(MEANING) == set(Permission)


def test_an_unknown_permission_is_denied_to_everybody() -> None:
    assert not any(is_allowed(actor, "referral:teleport") for actor in ACTORS.values())  # type: ignore[arg-type]


def test_a_refusal_says_what_was_refused() -> None:
    with pytest.raises(NotPermitted, match="import a directory file"):
        require(Anonymous(), Permission.DIRECTORY_IMPORT)
