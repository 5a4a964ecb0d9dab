import os
import resource
import shutil
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import (
    Area,
    AreaKind,
    Document,
    IndexBusy,
    IndexUnreadable,
    InvalidDocument,
    OpeningException,
    SearchIndex,
    SearchRequest,
    fingerprint,
)

# Whoosh leaves a file open when it cannot read or write it.
leaves_files_open = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)

EVERYTHING = SearchRequest(limit=999)


def services(index: SearchIndex) -> list[str]:
    return [hit.service_id for hit in index.search(EVERYTHING).hits]


def answers(index: SearchIndex, request: SearchRequest) -> tuple[object, ...]:
    """What is found; how rare a word is still counts deleted documents, as Whoosh does."""
    results = index.search(request)
    return results.total, {hit[:3] + hit[4:7] for hit in results.hits}, results.facets


def ids(index: SearchIndex) -> set[str]:
    return {document_id for document_id, _ in index.fingerprints()}


def in_another_process(code: str, *arguments: object, seed: str = "0") -> str:
    command = [sys.executable, "-W", "ignore", "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": seed}
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout.strip()


COMMIT = """
import sys
from pathlib import Path
from search_index import Document, SearchIndex
index = SearchIndex.open(Path(sys.argv[1]))
change = getattr(index, sys.argv[2])
new = [Document(id="new", service_id="new", organization_id="o", name="n", organization="o")]
change(new, ()) if sys.argv[2] == "apply" else change(new)
"""


def test_an_index_is_made_where_there_is_none(tmp_path):
    index = SearchIndex.open(tmp_path / "deep" / "index")
    assert (index.document_count(), index.search(EVERYTHING).total) == (0, 0)


def test_documents_are_there_when_the_index_is_opened_again(document, tmp_path):
    first = SearchIndex.open(tmp_path)
    first.apply([document("a")], ())
    first.close()
    assert services(SearchIndex.open(tmp_path)) == ["a"]


def test_a_closed_index_answers_no_more(tmp_path):
    index = SearchIndex.open(tmp_path)
    index.close()
    index.close()
    with pytest.raises(ValueError, match="closed"):
        index.search(EVERYTHING)


def test_apply_replaces_all_documents_of_a_changed_service(document, index_of):
    index = index_of([document("a", "l1"), document("a", "l2"), document("b", "l1")])
    index.apply([document("a", "l2"), document("a", "l3")], ())
    assert ids(index) == {"a:l2", "a:l3", "b:l1"}
    assert index.document_count() == 3


def test_apply_removes_services(document, index_of):
    index = index_of([document("a"), document("b", "l1"), document("b", "l2")])
    index.apply((), ["b", "never there"])
    assert services(index) == ["a"]


def test_a_service_removed_and_changed_at_once_has_its_new_documents(document, index_of):
    index = index_of([document("a", name="old")])
    index.apply([document("a", name="new")], ["a"])
    assert index.search(SearchRequest(words="new")).total == 1
    assert index.search(SearchRequest(words="old")).total == 0


HERE = {"latitude": 37.56, "longitude": -122.32}
MONDAY_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
KINDS = {
    "food": {"name": "food", "languages": ("es",), "cost": "free", **HERE},
    "rent": {"name": "rent food", "coverage": (Area(AreaKind.STATE, "CA"),), "minimum_age": 60},
    "open": {"open_minutes": ((0, 10080),), "time_zone": "UTC", "organization_id": "o2"},
    "closed": {
        "open_minutes": ((0, 10080),),
        "time_zone": "UTC",
        "exceptions": (OpeningException(date(2026, 1, 5)),),
        "coverage": (Area(AreaKind.CIRCLE, radius_km=1.0, **HERE),),
    },
}
QUESTIONS = (
    EVERYTHING,
    SearchRequest(words="food"),
    SearchRequest(words='"rent food"'),
    SearchRequest(languages=("es",)),
    SearchRequest(age=30.0, organization_id="o1"),
    SearchRequest(open_at=MONDAY_NOON),
    SearchRequest(radius_km=1.0, state="CA", **HERE),
)
changes = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("abcde"), st.sampled_from(sorted(KINDS))),
        st.sets(st.sampled_from("abcde")),
    ),
    max_size=9,
)


@settings(max_examples=20)
@given(changes)
def test_any_changes_lead_to_the_same_answers_as_building_anew(document, index_of, changes):
    index, live = index_of(), {}
    for changed, removed in changes:
        index.apply([document(key, **KINDS[kind]) for key, kind in changed.items()], removed)
        live = {key: kind for key, kind in live.items() if key not in removed} | changed
    anew = index_of(document(key, **KINDS[kind]) for key, kind in live.items())
    assert [answers(index, one) for one in QUESTIONS] == [answers(anew, one) for one in QUESTIONS]
    assert sorted(index.fingerprints()) == sorted(anew.fingerprints())


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 40.0},
        {"longitude": 40.0},
        {"latitude": 91.0, "longitude": 0.0},
        {"latitude": float("nan"), "longitude": 0.0},
        {"coverage": (Area(AreaKind.CIRCLE, latitude=1.0, longitude=1.0),)},
        {"coverage": (Area(AreaKind.CIRCLE, radius_km=1.0),)},
        {"coverage": (Area(AreaKind.CIRCLE, latitude=1.0, longitude=1.0, radius_km=-1.0),)},
    ],
)
def test_a_document_that_cannot_be_indexed_is_named_and_changes_nothing(document, index_of, wrong):
    index = index_of([document("a")])
    documents = [document("b"), document("bad", **wrong)]
    for change in (lambda: index.apply(documents, ["a"]), lambda: index.rebuild(documents)):
        with pytest.raises(InvalidDocument, match="bad"):
            change()
    assert services(index) == ["a"]
    index.apply([document("c")], ())
    assert services(index) == ["a", "c"]


@leaves_files_open
def test_a_full_disk_changes_nothing_and_the_next_change_works(document, index_of):
    index = index_of([document("a")])
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, usual[1]))
        with pytest.raises(OSError, match="too large"):
            index.apply([document("b")], ["a"])
        with pytest.raises(OSError, match="too large"):
            index.rebuild([document("b")])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert services(index) == ["a"]
    index.apply([document("b")], ())
    assert services(index) == ["a", "b"]


def test_another_handle_sees_a_commit_at_once(document, index_of):
    index = index_of([document("a")])
    other = SearchIndex.open(index.folder)
    index.apply([document("b")], ["a"])
    assert services(other) == ["b"]


@pytest.mark.parametrize("change", ["apply", "rebuild"])
def test_another_process_is_seen_at_once(document, index_of, change):
    index = index_of([document("a")])
    in_another_process(COMMIT, index.folder, change)
    assert services(index) == (["a", "new"] if change == "apply" else ["new"])


def test_a_second_writer_is_told_that_the_index_is_busy(document, index_of):
    index = index_of([document("a")])
    other = SearchIndex.open(index.folder)

    def documents():
        yield document("b")
        for change in (lambda: other.apply([document("c")], ()), lambda: other.rebuild(())):
            with pytest.raises(IndexBusy):
                change()

    index.apply(documents(), ())
    assert services(other) == ["a", "b"]
    other.apply([document("c")], ())
    assert services(index) == ["a", "b", "c"]


def test_rebuild_swaps_at_the_end_while_the_old_index_keeps_answering(document, index_of):
    index = index_of([document("old", name="food")])
    other = SearchIndex.open(index.folder)
    seen = []

    def documents():
        for number in range(3):
            seen.append((services(index), services(other)))
            yield document(f"new{number}")

    assert index.rebuild(documents()) == 3
    assert seen == [(["old"], ["old"])] * 3
    assert services(index) == services(other) == ["new0", "new1", "new2"]


def test_searches_under_way_are_not_disturbed_by_swaps(document, index_of):
    index = index_of([document("a", name="food bank"), document("b", name="food")])
    answers, failures = set(), []
    done = False

    def search():
        try:
            while not done:
                results = index.search(SearchRequest(words='"food bank" food'))
                answers.add(tuple(hit.service_id for hit in results.hits))
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        index.rebuild([document("a", name="food bank"), document("b", name="food")])
        index.apply([document("b", name="food")], ())
    done = True
    for thread in threads:
        thread.join()
    assert (failures, answers) == ([], {("a",)})


def test_rebuild_leaves_no_old_files_behind(document, index_of):
    index = index_of([document("a")])
    (index.folder / "v1-of-a-crashed-build").mkdir()
    index.rebuild([document("b")])
    assert len([path for path in index.folder.iterdir() if path.is_dir()]) == 1


def test_a_rebuild_that_fails_leaves_the_old_index_and_no_files(document, index_of):
    index = index_of([document("a")])

    def documents():
        yield document("b")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.rebuild(documents())
    assert services(index) == ["a"]
    assert len([path for path in index.folder.iterdir() if path.is_dir()]) == 1


def test_rebuild_tells_its_progress(document, index_of):
    told = []
    index_of().rebuild((document(str(number)) for number in range(1001)), told.append)
    assert told == [1000, 1001]


def damage_pointer(folder):
    (folder / "current").write_bytes(b"\xff")


def remove_build(folder):
    (folder / "current").write_text("v4-gone")


def write_another_format(folder):
    (folder / "current").write_text("v0-old")


def damage_files(folder, pattern):
    for path in folder.glob(f"v*-*/{pattern}"):
        path.write_bytes(b"\x00" * path.stat().st_size)


@leaves_files_open
@pytest.mark.parametrize(
    "damage",
    [
        damage_pointer,
        remove_build,
        write_another_format,
        lambda folder: damage_files(folder, "*.toc"),
        lambda folder: damage_files(folder, "*.trm"),
    ],
)
def test_unreadable_files_are_named_and_can_be_replaced(document, index_of, damage):
    index = index_of([document("a")])
    damage(index.folder)
    with pytest.raises(IndexUnreadable):
        SearchIndex.open(index.folder)
    assert index.rebuild([document("b")]) == 1
    assert services(SearchIndex.open(index.folder)) == ["b"]


def remove_folder(folder):
    shutil.rmtree(folder)


def loop_pointer(folder):
    (folder / "current").unlink()
    (folder / "current").symlink_to("current")


def make_pointer_a_folder(folder):
    (folder / "current").unlink()
    (folder / "current").mkdir()


def make_build_a_file(folder):
    build = folder / (folder / "current").read_text()
    shutil.rmtree(build)
    build.touch()


@pytest.mark.parametrize("damage", [remove_folder, damage_pointer, loop_pointer, make_build_a_file])
def test_an_open_index_that_is_gone_is_named_not_changed_and_can_be_built_anew(
    document, index_of, damage
):
    index = index_of([document("a")])
    damage(index.folder)
    with pytest.raises(IndexUnreadable):
        index.search(EVERYTHING)
    with pytest.raises(IndexUnreadable):
        index.apply([document("b")], ())
    assert index.rebuild([document("c")]) == 1
    assert services(index) == services(SearchIndex.open(index.folder)) == ["c"]


def test_a_folder_where_the_pointer_should_be_is_named(document, index_of):
    index = index_of([document("a")])
    make_pointer_a_folder(index.folder)
    with pytest.raises(IndexUnreadable):
        index.search(EVERYTHING)


def test_what_changes_is_read_when_no_other_writer_can_be_at_work(document, index_of):
    index = index_of([document("a")])
    other = SearchIndex.open(index.folder)

    def changed():
        with pytest.raises(IndexBusy):
            other.apply((), ["a"])
        yield document("b")

    index.apply(changed(), ["a"])
    assert services(index) == ["b"]


OTHER_VALUES = {
    "id": "other",
    "service_id": "other",
    "organization_id": "other",
    "name": "other",
    "organization": "other",
    "location_id": "other",
    "alternate_name": "other",
    "description": "other",
    "terms": "other",
    "eligibility": "other",
    "place": "other",
    "latitude": 1.5,
    "longitude": 1.5,
    "approximate": True,
    "coverage": (Area(AreaKind.STATE, "CA"),),
    "categories": ("a", "b"),
    "languages": ("en",),
    "accessibility": ("wheelchair",),
    "cost": "free",
    "delivery": ("phone",),
    "capacity": "full",
    "accepting": False,
    "minimum_age": 0.0,
    "maximum_age": 0.0,
    "open_minutes": (),
    "exceptions": (OpeningException(date(2026, 1, 1)),),
    "time_zone": "UTC",
    "verified": date(2026, 1, 1),
    "partner": True,
}


@pytest.mark.parametrize("field", [field.name for field in fields(Document)])
def test_a_fingerprint_differs_when_any_field_differs(document, field):
    one = document("s")
    assert fingerprint(one) != fingerprint(replace(one, **{field: OTHER_VALUES[field]}))


@given(st.text(), st.text(), st.text(), st.text())
def test_text_that_moves_from_one_field_to_another_is_a_difference(document, a, b, c, d):
    one = document("s", name=a, description=b)
    other = document("s", name=c, description=d)
    assert (fingerprint(one) == fingerprint(other)) == ((a, b) == (c, d))


FINGERPRINT = """
from search_index import Area, AreaKind, Document, fingerprint
print(fingerprint(Document(id="s", service_id="s", organization_id="o", name="n",
    organization="o", coverage=(Area(AreaKind.STATE, "CA"),), languages=("en", "es"))))
"""


def test_a_fingerprint_is_the_same_in_every_process():
    assert len({in_another_process(FINGERPRINT, seed=seed) for seed in ("1", "2")}) == 1


def test_the_index_tells_the_fingerprints_it_was_given(document, index_of):
    documents = [document("a", "l"), document("b")]
    told = dict(index_of(documents).fingerprints())
    assert told == {one.id: fingerprint(one) for one in documents}


@settings(max_examples=30)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_indexed(document, index_of, name, description):
    index = index_of([document("a", name=name, description=description)])
    assert services(index) == ["a"]
