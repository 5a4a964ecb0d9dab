"""What every engine of the benchmarks promises, the hub's and its peers'."""

from collections.abc import Iterator

import pytest

from benchmarks.circles import distance_km
from benchmarks.contract import Engine, Factory
from benchmarks.engines import ENGINES, PEERS, available, hub_engine
from benchmarks.records import QUERIES, records
from benchmarks.texts import Record

CHICAGO = (41.8781, -87.6298)
# On the edge of the box around 10 km, but outside of the circle in it.
CORNER = (CHICAGO[0] + 0.08, CHICAGO[1] + 0.108)
ODD_TEXTS = (
    "", "   ", "?!", '"', "'", '"dentist', "dentist AND", "OR", "NOT dentist", "NEAR(dentist, 2)",
    "name:dentist", "name:", "den*", "-dentist", "^dentist", "(dentist", "dentist)", "dentist & !",
    "a | b", "\\", "';--", "{dentist", "[1 TO 2]", "dentist~2", "dent\0ist", "\ud800", "_", "%",
    "𝄞 ñandú İ ß", "the", "x" * 5000, "food " * 500, " ".join(f"w{n}" for n in range(500)),
)  # fmt: skip
EDGES = ("r8", "r57", "r133", "r190")
HAND_MADE: list[Record] = [
    {"id": "here", "name": "Dental clinic", "latitude": CHICAGO[0], "longitude": CHICAGO[1]},
    {"id": "corner", "name": "Dental clinic", "latitude": CORNER[0], "longitude": CORNER[1]},
    {"id": "nowhere", "name": "Dental clinic", "latitude": None, "longitude": None},
    {"id": "bare", "name": "Dental helpline"},
    {"id": "equator", "name": "Dental boat", "latitude": 0.0, "longitude": 0.0},
    {"id": "mention", "name": "Pantry", "description": "Food. The dental clinic is next door."},
    {"id": "lists", "name": "Club", "categories": ["Soccer", "Chess"], "languages": ["English"]},
    {"id": "odd", "name": "dent\0ist \ud800 ' \" \\ & | !", "description": None},
]  # fmt: skip


@pytest.fixture(scope="module", params=ENGINES)
def factory(request: pytest.FixtureRequest) -> Factory:
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def generated() -> dict[str, Record]:
    """Two hundred records, moved together so that many are near each other."""
    made: dict[str, Record] = {}
    for number, record in enumerate(records(200)):
        if record["latitude"] is not None:
            record["latitude"] = CHICAGO[0] + (number % 20 - 10) / 50
            record["longitude"] = CHICAGO[1] + (number // 20 - 5) / 50
        made[record["id"]] = record
    return made


@pytest.fixture(scope="module")
def engine(factory: Factory, generated: dict[str, Record]) -> Iterator[Engine]:
    made = factory([*generated.values(), *HAND_MADE])
    yield made
    made.close()


def near(engine: Engine, text: str, radius_km: float, limit: int = 300) -> list[str]:
    return engine.search(text, *CHICAGO, radius_km, limit)


@pytest.mark.parametrize("radius_km", [0.5, 5, 10, 1000])
def test_a_radius_keeps_exactly_what_lies_within_it(
    engine: Engine, generated: dict[str, Record], radius_km: float
) -> None:
    everywhere = engine.search("offers", None, None, None, 300)
    inside = {
        id_ for id_, record in generated.items()
        if record["latitude"] is not None
        and distance_km(*CHICAGO, record["latitude"], record["longitude"]) <= radius_km
    }  # fmt: skip
    assert set(near(engine, "offers", radius_km)) == inside & set(everywhere)
    assert set(generated) <= set(everywhere)


@pytest.mark.parametrize("id_", EDGES)
def test_a_radius_is_exact_but_for_the_shape_of_the_earth(
    engine: Engine, generated: dict[str, Record], id_: str
) -> None:
    record = generated[id_]
    away = distance_km(*CHICAGO, record["latitude"], record["longitude"])
    assert id_ in near(engine, "offers", away * 1.006)
    assert id_ not in near(engine, "offers", away * 0.994)


@pytest.mark.parametrize("factory", PEERS, indirect=True)
@pytest.mark.parametrize("id_", EDGES)
def test_peers_are_exact_on_a_sphere(
    engine: Engine, generated: dict[str, Record], id_: str
) -> None:
    record = generated[id_]
    away = distance_km(*CHICAGO, record["latitude"], record["longitude"])
    assert id_ in near(engine, "offers", away * 1.0001)
    assert id_ not in near(engine, "offers", away * 0.9999)


def test_the_corner_of_the_box_is_outside_the_circle(engine: Engine) -> None:
    assert "here" in near(engine, "dental", 10)
    assert "corner" not in near(engine, "dental", 10)
    assert "corner" in near(engine, "dental", 13)


def test_a_full_page_is_found_where_the_best_lie_in_the_corners(factory: Factory) -> None:
    corners: list[Record] = [
        {"id": f"far{n}", "name": "clinic", "latitude": CORNER[0], "longitude": CORNER[1]}
        for n in range(60)
    ]
    inside: list[Record] = [
        {"id": f"near{n}", "name": "a helpful clinic", "latitude": 41.9, "longitude": -87.6}
        for n in range(10)
    ]
    engine = factory([*corners, *inside])
    try:
        assert set(near(engine, "clinic", 10, limit=10)) == {record["id"] for record in inside}
    finally:
        engine.close()


def test_the_limit_cuts_a_longer_answer_and_keeps_the_best(engine: Engine) -> None:
    for text in QUERIES:
        longer, shorter = near(engine, text, 15), near(engine, text, 15, limit=5)
        assert len(shorter) == min(5, len(longer))
        assert shorter == longer[:5]


@pytest.mark.parametrize("text", QUERIES)
def test_no_record_stands_twice(engine: Engine, text: str) -> None:
    found = engine.search(text, None, None, None, 300)
    assert len(found) == len(set(found))


def test_any_of_the_words_is_enough_and_more_of_them_are_better(engine: Engine) -> None:
    found = engine.search("chess dental", None, None, None, 300)
    assert {"lists", "here", "nowhere", "mention"} <= set(found)
    assert engine.search("soccer chess club", None, None, None, 1) == ["lists"]


def test_a_name_counts_more_than_a_mention(engine: Engine) -> None:
    found = engine.search("dental", None, None, None, 300)
    assert found.index("here") < found.index("mention")


def test_words_are_found_in_their_other_forms(engine: Engine) -> None:
    assert "here" in engine.search("CLINICS", None, None, None, 300)


def test_records_without_a_place_are_found_everywhere_but_nearby(engine: Engine) -> None:
    assert {"nowhere", "bare"} <= set(engine.search("dental", None, None, None, 300))
    assert not {"nowhere", "bare", "equator"} & set(near(engine, "dental", 2000))


def test_zero_degrees_are_a_place(engine: Engine) -> None:
    assert engine.search("dental", 0.01, -0.01, 5, 20) == ["equator"]


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: ascii(text[:12]))
def test_odd_texts_never_raise(engine: Engine, text: str) -> None:
    assert isinstance(near(engine, text, 20, limit=20), list)
    assert isinstance(engine.search(text, None, None, None, 20), list)


@pytest.mark.parametrize("factory", PEERS, indirect=True)
@pytest.mark.parametrize("text", ["NOT chess", "-chess", '"chess boat"', "chess AND zebra"])
def test_to_peers_operators_are_plain_words(engine: Engine, text: str) -> None:
    assert "lists" in engine.search(text, None, None, None, 300)


def test_what_it_costs_is_told(engine: Engine) -> None:
    assert engine.index_seconds > 0
    assert engine.size_on_disk() > 1000


def test_a_peer_that_cannot_run_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    absent = Factory("absent", "benchmarks.peers.absent")
    assert available([absent, PEERS["sqlite"]]) == [PEERS["sqlite"]]
    assert "absent is left out: No module named" in capsys.readouterr().out


def test_the_plug_in_makes_the_hub() -> None:
    engine = hub_engine(HAND_MADE)
    try:
        assert engine.search("chess", None, None, None, 20) == ["lists"]
    finally:
        engine.close()
