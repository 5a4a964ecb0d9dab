"""What an engine is, and how one is made: build it in a folder, then open what is on disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast, runtime_checkable

from benchmarks.texts import Record


class Opened(Protocol):
    """An engine that stands on a folder."""

    def search(
        self,
        text: str,
        lat: float | None,
        lon: float | None,
        radius_km: float | None,
        limit: int,
    ) -> list[str]:
        """Return at most `limit` ids of records that hold any of the words, best first.

        With a point in degrees and a radius, only records within it; with neither, all.
        No text raises. Peers take every text as plain words; the hub knows phrases and exclusions.
        """

    def size_on_disk(self) -> int:
        """Return the bytes that the index takes."""

    def processes(self) -> Sequence[int]:
        """Return the ids of other processes that work for it."""

    def close(self) -> None:
        """Let go of everything; what is on disk stays."""


class Engine(Opened, Protocol):
    """An engine that was made from records and vanishes at `close`."""

    index_seconds: float


@runtime_checkable
class Changing(Protocol):
    """An engine that takes single changes."""

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of the same id; searches that follow see it."""


class EngineModule(Protocol):
    """What the module of an engine offers."""

    def missing(self) -> str | None:
        """Return what it lacks on this machine, with how to get it; None if nothing."""

    def version(self) -> str:
        """Return the engine's name and version."""

    def build(self, records: Iterable[Record], folder: Path) -> float:
        """Index records into an empty folder; return how many seconds that took."""

    def load(self, folder: Path) -> Opened:
        """Open what `build` left in the folder."""


@dataclass(frozen=True, slots=True)
class Factory:
    """Makes one kind of engine. Its module is imported only when it is needed."""

    name: str
    module: str

    def __call__(self, records: Iterable[Record]) -> Engine:
        """Return an engine over these records, in a folder of its own."""
        folder = TemporaryDirectory(prefix=f"bench-{self.name}-")
        try:
            seconds = self.engine_module().build(records, Path(folder.name))
            return _Temporary(self.engine_module().load(Path(folder.name)), folder, seconds)
        except BaseException:
            folder.cleanup()
            raise

    def engine_module(self) -> EngineModule:
        """Return its module. Raises ImportError when a package is not installed."""
        return cast(EngineModule, import_module(self.module))

    def missing(self) -> str | None:
        """Return why this engine cannot run here, or None."""
        try:
            reason = self.engine_module().missing()
        except ImportError as error:
            reason = f"{error} (`make bench` installs what the peers need)"
        return reason and f"{self.name} is left out: {reason}"


class _Temporary:
    """An opened engine with the folder that goes when it is closed."""

    def __init__(
        self, engine: Opened, folder: TemporaryDirectory[str], index_seconds: float
    ) -> None:
        self._engine = engine
        self._folder = folder
        self.index_seconds = index_seconds
        self.search = engine.search
        self.size_on_disk = engine.size_on_disk
        self.processes = engine.processes

    def close(self) -> None:
        self._engine.close()
        self._folder.cleanup()
