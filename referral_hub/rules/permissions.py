"""Who may do what: one table. What is not in the table is denied.

`referral-hub permissions` prints it for people who do not read Python.
"""

from collections.abc import Callable
from enum import StrEnum

from referral_hub.rules.actor import Actor, Anonymous, Application, Link, Person, System
from referral_hub.rules.errors import NotPermitted


class Permission(StrEnum):
    """One thing that can be done, said as an act on a noun."""

    DIRECTORY_SEARCH = "directory:search"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_IMPORT = "directory:import"
    DIRECTORY_EXPORT = "directory:export"
    CAPACITY_RECORD = "capacity:record"
    LOCATION_PROTECT = "location:protect"
    INDEX_MAINTAIN = "index:maintain"
    SEARCHES_COUNT = "searches:count"


Predicate = Callable[[Actor], bool]


def anybody(actor: Actor) -> bool:
    """Everybody, signed in or not."""
    return isinstance(actor, Anonymous | Person | Application | Link | System)


def the_hub_itself(actor: Actor) -> bool:
    """The operator at the command line, or the worker."""
    return isinstance(actor, System)


def a_network_steward(actor: Actor) -> bool:
    """A person who looks after the whole network."""
    return isinstance(actor, Person) and "network_steward" in actor.roles


def an_application_that_may_read_the_directory(actor: Actor) -> bool:
    """A partner system whose token has the scope directory.read."""
    return isinstance(actor, Application) and "directory.read" in actor.scopes


ALLOWED: dict[Permission, tuple[Predicate, ...]] = {
    Permission.DIRECTORY_SEARCH: (anybody,),
    Permission.DIRECTORY_READ: (anybody,),
    Permission.DIRECTORY_IMPORT: (the_hub_itself, a_network_steward),
    Permission.DIRECTORY_EXPORT: (
        the_hub_itself,
        a_network_steward,
        an_application_that_may_read_the_directory,
    ),
    Permission.CAPACITY_RECORD: (the_hub_itself,),
    Permission.LOCATION_PROTECT: (the_hub_itself,),
    Permission.INDEX_MAINTAIN: (the_hub_itself,),
    Permission.SEARCHES_COUNT: (the_hub_itself,),
}
"""Each permission with its alternatives: one true predicate is enough."""

MEANING: dict[Permission, str] = {
    Permission.DIRECTORY_SEARCH: "Search the public directory",
    Permission.DIRECTORY_READ: "Read a published service",
    Permission.DIRECTORY_IMPORT: "Import a directory file",
    Permission.DIRECTORY_EXPORT: "Export the directory to a file",
    Permission.CAPACITY_RECORD: "Say whether a service takes referrals",
    Permission.LOCATION_PROTECT: "Keep the address of a location confidential",
    Permission.INDEX_MAINTAIN: "Rebuild, catch up or verify the search index",
    Permission.SEARCHES_COUNT: "Count searches by need, area and day",
}


def is_allowed(actor: Actor, permission: Permission) -> bool:
    """Whether one of the permission's alternatives holds; unknown permissions are denied."""
    return any(predicate(actor) for predicate in ALLOWED.get(permission, ()))


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted unless the actor holds the permission."""
    if not is_allowed(actor, permission):
        meaning = MEANING.get(permission, str(permission))
        raise NotPermitted(f"You may not do this: {meaning.lower()}. Ask your administrator.")
