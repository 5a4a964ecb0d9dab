"""Files that are missing, torn or damaged: made anew, or named; never wrong answers."""

import json
import logging
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Document, IndexUnreadable, SearchIndex, SearchRequest
from tests.search_index.known_commits import ROOT

# Whoosh leaves a file open when it cannot read it.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

QUESTIONS = (
    SearchRequest(limit=999),
    SearchRequest(words="food", limit=999),
    SearchRequest(words='"food bank"', limit=999),
    SearchRequest(words='"bank food"', limit=999),
    SearchRequest(words='-"bank food"', limit=999),
    SearchRequest(words='"word7 helps"'),
    SearchRequest(latitude=37.5, longitude=-122.0, radius_km=20.0, languages=("es",)),
)
NAMES = ("food bank", "bank food", "shelter bed food bank")
# More than a block of postings, with some documents replaced and removed later.
SIZE = 150

Damage = Callable[[bytes], bytes]


def a_document(number: int) -> Document:
    return Document(
        id=f"d{number}",
        service_id=f"s{number // 2}",
        organization_id=f"o{number % 3}",
        location_id=f"l{number}",
        name=NAMES[number % 3],
        organization="agency",
        description=f"word{number} helps people twice and helps again",
        latitude=37 + number / 100,
        longitude=-122.0,
        languages=("es",) if number % 2 else (),
    )


def fill(folder: Path, size: int) -> None:
    with closing(SearchIndex.open(folder)) as index:
        index.apply([a_document(number) for number in range(size)], ())
        index.apply([a_document(number) for number in range(4, 9)], ["s1"])


def asked(index: SearchIndex) -> list[Callable[[], object]]:
    """Return all that is asked of an index, as functions that answer."""
    searches = [partial(index.search, question) for question in QUESTIONS]
    return [*searches, index.document_count, lambda: sorted(index.fingerprints())]


def answers(folder: Path) -> list[object]:
    with closing(SearchIndex.open(folder)) as index:
        return [ask() for ask in asked(index)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """An index of two segments that nobody may change."""
    folder = tmp_path_factory.mktemp("whole")
    fill(folder, SIZE)
    return folder


@pytest.fixture(scope="module")
def right(whole) -> list[object]:
    """What it answers."""
    return answers(whole)


@pytest.fixture
def folder(whole, tmp_path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "index"))


def files(folder: Path, pattern: str) -> list[Path]:
    found = sorted(folder.glob(f"v*/{pattern}"))
    assert found
    return found


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(path: Path, damage: Damage) -> None:
    """Put a damaged file in place of a file: who has mapped the old one keeps it."""
    damaged = damage(path.read_bytes())
    path.unlink()
    path.write_bytes(damaged)


def cut(share: float) -> Damage:
    return lambda data: data[: int(len(data) * share)]


def zero(start: float, end: float) -> Damage:
    def damage(data: bytes) -> bytes:
        first, last = int(len(data) * start), int(len(data) * end)
        return data[:first] + bytes(last - first) + data[last:]

    return damage


def flip(place: int, bit: int = 0) -> Damage:
    def damage(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[place % len(data)] ^= 1 << bit
        return bytes(changed)

    return damage


def shorten(count: int) -> Damage:
    return lambda data: data[:-count]


TORN = {
    "empty": cut(0),
    "cut in its first bytes": lambda data: data[:10],
    "cut in the head": lambda data: data[:100],
    "cut in the middle": cut(0.5),
    "cut by a byte": shorten(1),
    "longer by a byte": lambda data: data + b"\0",
    "zero": zero(0, 1),
    "zero at the start": zero(0, 0.1),
    "zero in the middle": zero(0.4, 0.6),
    "zero at the end": zero(0.9, 1),
    "flipped in the length of the head": flip(8),
    "flipped in the checksum": flip(12),
    "flipped in the head": flip(20),
    "flipped in the middle": flip(5_000),
}


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("damage", [*TORN, "missing"])
def test_torn_arrays_are_made_anew_with_a_log_line(folder, right, caplog, damage):
    before = contents(folder)
    torn = files(folder, "*.columns")
    for path in torn:
        if damage == "missing":
            path.unlink()
        else:
            change(path, TORN[damage])
    assert answers(folder) == right
    logged = warnings(caplog)
    assert [sum(str(path) in line for line in logged) for path in torn] == [1] * len(torn)
    assert contents(folder) == before
    caplog.clear()
    assert answers(folder) == right
    assert warnings(caplog) == []


@settings(max_examples=60)
@given(place=st.integers(0, 40) | st.integers(0, 100_000), bit=st.integers(0, 7))
def test_any_flipped_bit_of_arrays_is_found_and_made_anew(
    whole, right, tmp_path_factory, place, bit
):
    folder = Path(shutil.copytree(whole, tmp_path_factory.mktemp("flipped") / "index"))
    path = files(folder, "*.columns")[0]
    sound = path.read_bytes()
    change(path, flip(place, bit))
    assert answers(folder) == right
    assert path.read_bytes() == sound
    shutil.rmtree(folder.parent)


def test_a_writer_makes_torn_arrays_anew(folder, right):
    with closing(SearchIndex.open(folder)) as index:
        SearchIndex.open(folder).apply([a_document(0), a_document(1)], ())
        for path in files(folder, "*.columns"):
            change(path, cut(0.5))
        index.apply((), ["s2"])
    left = [entry for entry in right[-1] if entry[0] not in ("d4", "d5")]
    assert answers(folder)[-1] == left


def outcomes(folder: Path, right: list[object]) -> list[str]:
    """Return how an index answers all that is asked: right, wrong, or that it is unreadable."""
    try:
        index = SearchIndex.open(folder)
    except IndexUnreadable:
        return ["unreadable"]
    except Exception as error:
        return [repr(error)]
    with closing(index):
        return [outcome(ask, answer) for ask, answer in zip(asked(index), right, strict=True)]


def outcome(ask: Callable[[], object], answer: object) -> str:
    try:
        return "right" if ask() == answer else "wrong"
    except IndexUnreadable:
        return "unreadable"
    except Exception as error:
        return repr(error)


DAMAGED = {
    "empty": cut(0),
    "cut in its first bytes": lambda data: data[:5],
    "cut in the first half": cut(0.25),
    "cut in the second half": cut(0.75),
    "cut by a byte": shorten(1),
    "zero": zero(0, 1),
    "zero at the start": zero(0, 0.2),
    "zero in the first half": zero(0.2, 0.5),
    "zero in the second half": zero(0.5, 0.8),
    "zero at the end": zero(0.8, 1),
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*_stored.col", "*.toc"])
def test_damaged_files_are_named_and_never_answer_wrong(folder, right, pattern, damage):
    for path in files(folder, pattern):
        change(path, DAMAGED[damage])
    assert set(outcomes(folder, right)) <= {"right", "unreadable"}


@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*_stored.col", "*.toc"])
def test_a_file_without_content_is_noticed(folder, right, pattern):
    for path in files(folder, pattern):
        change(path, zero(0, 1))
    assert "unreadable" in outcomes(folder, right)


@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*_stored.col", "*.toc"])
def test_a_missing_file_is_noticed(folder, right, pattern):
    for path in files(folder, pattern):
        path.unlink()
    assert "unreadable" in outcomes(folder, right)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["*.trm", "*.pst", "*_stored.col", "*.toc"])
def test_no_flipped_byte_makes_an_answer_wrong(tmp_path, pattern):
    small = tmp_path / "small"
    fill(small, 12)
    right = answers(small)
    path = files(small, pattern)[-1]
    sound = path.read_bytes()
    wrong = []
    for place in range(0, len(sound), 2):
        change(path, flip(place, place % 8))
        if not set(outcomes(small, right)) <= {"right", "unreadable"}:
            wrong.append(place)
        change(path, lambda _: sound)
    assert wrong == []


ANSWER = """
import json, sys
from pathlib import Path
from tests.search_index.test_damage import answers
for line in sys.stdin:
    print(json.dumps([repr(answer) for answer in answers(Path(line.strip()))]), flush=True)
"""


@contextmanager
def answering() -> Iterator[subprocess.Popen[str]]:
    """A process that opens the folders that it is told, and answers."""
    command = [sys.executable, "-W", "ignore", "-c", ANSWER]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> list[str]:
    return list(json.loads(process.stdout.readline()))


def test_two_processes_that_repair_at_once_do_no_harm(whole, right, tmp_path):
    before = {path.relative_to(whole): data for path, data in contents(whole).items()}
    with answering() as one, answering() as other:
        for number in range(8):
            folder = Path(shutil.copytree(whole, tmp_path / str(number)))
            for path in files(folder, "*.columns"):
                change(path, zero(0.3, 0.7))
            for process in (one, other):
                process.stdin.write(f"{folder}\n")
            assert said(one) == said(other) == list(map(repr, right))
            after = {path.relative_to(folder): data for path, data in contents(folder).items()}
            assert after == before


def test_a_repair_and_a_swap_at_once_do_no_harm(whole, right, tmp_path):
    with answering() as other:
        for number in range(8):
            folder = Path(shutil.copytree(whole, tmp_path / str(number)))
            index = SearchIndex.open(folder)
            for path in files(folder, "*.columns"):
                change(path, zero(0.3, 0.7))
            other.stdin.write(f"{folder}\n")
            index.rebuild(a_document(number) for number in range(9))
            new = answers(folder)
            for told, *either in zip(said(other), right, new, strict=True):
                assert told in map(repr, either)
            index.apply((), ())
            index.close()
            assert len(list(folder.glob("v*"))) == 1
            assert answers(folder)[-1] == new[-1]


@contextmanager
def limited(what: int, most: int) -> Iterator[None]:
    usual = resource.getrlimit(what)
    resource.setrlimit(what, (most, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, usual)


def test_a_full_disk_during_repair_leaves_the_index_as_it_was(folder, right):
    for path in files(folder, "*.columns"):
        change(path, cut(0.5))
    before = contents(folder)
    with limited(resource.RLIMIT_FSIZE, 3_000), suppress(OSError, IndexUnreadable):
        answers(folder)
    assert contents(folder) == before
    assert answers(folder) == right


def test_a_full_disk_is_no_damage(folder, right):
    for path in files(folder, "*.columns"):
        path.unlink()
    with limited(resource.RLIMIT_FSIZE, 3_000), suppress(OSError):
        assert answers(folder) == right


def test_too_many_open_files_are_no_damage(folder, right):
    with limited(resource.RLIMIT_NOFILE, 0), pytest.raises(OSError, match="open files"):
        SearchIndex.open(folder)
    assert answers(folder) == right


@pytest.mark.parametrize("change", ["apply", "rebuild"])
def test_a_change_that_a_full_disk_stops_leaves_no_files(folder, right, change):
    index = SearchIndex.open(folder)
    before = contents(folder)
    new = [a_document(SIZE)]
    with limited(resource.RLIMIT_FSIZE, 3_000), pytest.raises(OSError, match="too large"):
        index.apply(new, ()) if change == "apply" else index.rebuild(new)
    assert contents(folder) == before
    index.close()
    assert answers(folder) == right
