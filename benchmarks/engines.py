"""The engines that are compared: the hub's own and its peers, over the same records."""

from collections.abc import Iterable

from benchmarks.contract import Changing, Engine, Factory, Opened
from benchmarks.texts import Record

HUB = Factory("hub", "benchmarks.hub")
PEERS: dict[str, Factory] = {
    name: Factory(name, f"benchmarks.peers.{name}")
    for name in ("sqlite", "postgres", "tantivy", "whoosh")
}
ENGINES: dict[str, Factory] = {HUB.name: HUB, **PEERS}

__all__ = ["ENGINES", "HUB", "PEERS", "Changing", "Engine", "Factory", "Opened", "hub_engine"]


def hub_engine(records: Iterable[Record]) -> Engine:
    """Return the hub's search index over these records.

    Each record is a dict with `id`, `name`, `organization`, `description`, `categories`,
    `eligibility`, `languages`, `city`, `state`, `zip`, `latitude`, `longitude`; all but `id` may be
    absent, and coordinates may be None.
    """
    return HUB(records)


def available(factories: Iterable[Factory]) -> list[Factory]:
    """Return the engines that can run here; say of each other one why it is left out."""
    found = []
    for factory in factories:
        reason = factory.missing()
        if reason is None:
            found.append(factory)
        else:
            print(reason)
    return found
