"""Commits whose outcome is known: what an index holds after any number of them.

Commit k brings an index from `state(k - 1)` to `state(k)`. Every commit changes the service
CLOCK, so that what is found tells by itself after which commit it was found.

Run as a process it commits on and on, or up to a last commit:
`python -m tests.search_index.known_commits <folder> [<last>]`. It says in lines of JSON what it
found, what it begins, what is done, and what files are left over after its first commit.
"""

import json
import random
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from search_index import Document, SearchIndex, SearchRequest, fingerprint
from search_index.commit import _MOST_SEGMENTS
from search_index.segment import INDEX_NAME

ROOT = Path(__file__).parents[2]

CLOCK = "clock"
COMMIT, MERGE, SWAP = KINDS = ("commit", "merge", "swap")
_SERVICES = [f"s{number}" for number in range(40)]
_SWAP_EVERY = 10
_EVERYTHING = SearchRequest(limit=999)
# Arrays do not tell where words stand one after another: this one reads Whoosh's files.
PHRASE = SearchRequest(words='"food bank"', limit=999)

State = dict[str, Document]

_STATES: list[State] = [{}]


def _document(service: str, location: int, number: int) -> Document:
    return Document(
        id=f"{service}:{location}",
        service_id=service,
        location_id=str(location),
        organization_id=str(number),
        name="food bank",
        organization=f"agency {number}",
        latitude=37.5 + location,
        longitude=-122.3,
    )


@cache
def step(number: int) -> tuple[tuple[Document, ...], frozenset[str]]:
    """Return the documents that commit `number` changes, and the services that it removes."""
    luck = random.Random(number)
    chosen = luck.sample(_SERVICES, 5)
    changed = [
        _document(service, location, number)
        for service in chosen[:4]
        for location in range(luck.randint(1, 3))
    ]
    return (_document(CLOCK, 0, number), *changed), frozenset(chosen[4:])


def state(number: int) -> State:
    """Return what the index holds after commit `number`, by document id."""
    while len(_STATES) <= number:
        changed, removed = step(len(_STATES))
        gone = removed | {document.service_id for document in changed}
        kept = [one for one in _STATES[-1].values() if one.service_id not in gone]
        _STATES.append({document.id: document for document in (*kept, *changed)})
    return _STATES[number]


def expected(number: int) -> dict[str, list[Any]]:
    """Return what `found` must return after commit `number`: the same in every process."""
    services: dict[str, list[Any]] = {}
    for document in state(number).values():
        entry = services.setdefault(document.service_id, [document.organization_id, 0])
        entry[1] += 1
    return services


def found(index: SearchIndex, request: SearchRequest = _EVERYTHING) -> dict[str, list[Any]]:
    """Return (commit, number of locations) of each service that a search finds."""
    hits = index.search(request).hits
    return {hit.service_id: [hit.organization_id, hit.locations] for hit in hits}


def commit_of(services: dict[str, list[Any]]) -> int:
    """Return after which commit such services were found."""
    return int(services[CLOCK][0]) if services else 0


def fingerprints_after(number: int) -> dict[str, str]:
    """Return the fingerprints of all documents after commit `number`."""
    return {document.id: fingerprint(document) for document in state(number).values()}


def kind_of(folder: Path, number: int) -> str:
    """Return what commit `number` will be."""
    if number % _SWAP_EVERY == 0:
        return SWAP
    return MERGE if len(segments_of(build_of(folder))) >= _MOST_SEGMENTS else COMMIT


def commit(index: SearchIndex, number: int) -> None:
    """Bring an index from `state(number - 1)` to `state(number)`."""
    if number % _SWAP_EVERY == 0:
        index.rebuild(state(number).values())
    else:
        index.apply(*step(number))


def build_of(folder: Path) -> Path:
    """Return the folder of the build in use."""
    return folder / (folder / "current").read_text()


def segments_of(build: Path) -> Sequence[str]:
    """Return the names of the segments in the newest table of contents."""
    toc = TOC.read(FileStorage(str(build)), INDEX_NAME)
    return [told.segment_id() for told in toc.segments]


def leftovers(folder: Path) -> list[str]:
    """Return the files that an index does not need."""
    build = build_of(folder)
    live = tuple(f"{name}." for name in segments_of(build))
    contents = sorted(build.glob("_MAIN_*.toc"), key=lambda path: int(path.stem.split("_")[2]))
    needed = {folder / "current", folder / "writer.lock", build, contents[-1]}
    extra = (path for path in (*folder.iterdir(), *build.iterdir()) if path not in needed)
    return sorted(str(path.relative_to(folder)) for path in extra if not path.name.startswith(live))


def say(*line: Any) -> None:
    """Tell the test something, as a line of JSON."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _work(folder: Path, last: int = sys.maxsize) -> None:
    index = SearchIndex.open(folder)
    services = found(index)
    say("found", services, dict(index.fingerprints()))
    begin = commit_of(services) + 1
    for number in range(begin, last + 1):
        say("begun", number, kind_of(folder, number))
        commit(index, number)
        say("done", number, time.monotonic())
        if number == begin:
            say("left", leftovers(folder))


if __name__ == "__main__":
    _work(Path(sys.argv[1]), *map(int, sys.argv[2:]))
