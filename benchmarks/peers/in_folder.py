"""What engines in this process, over files in a folder, have in common."""

from pathlib import Path


class InFolder:
    """An engine that needs no other process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def size_on_disk(self) -> int:
        """Return the bytes of all its files."""
        return sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())

    def processes(self) -> tuple[int, ...]:
        """Return nothing: it works alone."""
        return ()
