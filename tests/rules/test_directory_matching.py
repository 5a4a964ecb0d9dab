"""When two records of the directory may be one, and what is said for and against it."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.directory_matching import (
    MOST_WITH_A_KEY,
    NEARLY_CERTAIN,
    PROPOSED,
    Address,
    Sketch,
    address_of,
    changed_much,
    comparable_services,
    compare,
    host_of,
    keys_of,
    metres_apart,
    name_likeness,
    names_fit,
    phone_key,
)
from tests.rules.labelled_sites import DIFFERENT, SAME

NOWHERE = {"40.713047,-74.00723"}
"""Where one feed puts whatever it cannot place: the city hall."""


def sketch(name: str = "Hope Center", **said: Any) -> Sketch:
    return Sketch(uuid4(), name, **{key: frozenset(value) if isinstance(value, set) else value
                                    for key, value in said.items()})  # fmt: skip


def words(one: Sketch, other: Sketch) -> list[str]:
    return [part.words for part in compare(one, other).parts]


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("St. Paul's UMC", "Saint Pauls United Methodist Church", 100),
        ("The Hope Center, Inc.", "Hope Center", 100),
        ("Centro de Ayuda Niños", "Centro Ayuda Ninos", 100),
        ("Salvation Army", "Salvation Army Food Pantry", 85),
        ("Lorraine&#8217;s Soup Kitchen", "Lorraine's Soup Kitchen", 100),
        ("Food Pantry", "Food Bank", 0),
    ],
)
def test_names_are_compared_by_what_tells_them_apart(one: str, other: str, least: int) -> None:
    assert name_likeness(sketch(one), sketch(other)) >= least


def test_with_other_numbers_names_are_two() -> None:
    assert name_likeness(sketch("Head Start 1"), sketch("Head Start 2")) < 80


def test_words_that_all_have_make_no_names_alike() -> None:
    assert name_likeness(sketch("Grace Food Pantry"), sketch("Elm Food Pantry")) < 60


@pytest.mark.parametrize(
    ("line", "number", "street"),
    [
        ("1200 West 18th Street, Suite 2", "1200", "w 18th st"),
        ("1200 W. 18th St #2", "1200", "w 18th st"),
        ("Grace Church, 9 Elm Avenue", "9", "elm ave"),
    ],
)
def test_addresses_are_read_in_one_spelling(line: str, number: str, street: str) -> None:
    assert address_of(line, "60608-1234", "Chicago") == Address(number, street, "60608", "chicago")


@pytest.mark.parametrize("line", ["", "Main Street", "Phone: 516-353-4341", "PO Box", "12"])
def test_what_names_no_house_is_no_address(line: str) -> None:
    assert address_of(line, "60608") is None


def test_phones_and_hosts_are_read_in_one_spelling() -> None:
    assert phone_key("+1 (312) 555-0142 x3") == phone_key("312.555.0142") == "3125550142"
    assert phone_key("000-000-0000") is None
    assert phone_key("911") is None
    assert host_of("https://www.Example.org/a?b") == host_of("example.org") == "example.org"
    assert host_of("https://facebook.com/hope") is None
    assert host_of(None) is None


def test_what_speaks_for_a_pair_is_said_in_words() -> None:
    here = address_of("12 Elm St", "60608")
    one = sketch("Hope Center", phones={"3125550142"}, addresses={here}, points={(41.0, -87.0)})
    other = sketch("Hope Centre", phones={"3125550142"}, addresses={here},
                   points={(41.001, -87.0)})  # fmt: skip
    assert words(one, other) == ["same name", "same address", "same phone", "110 m apart"]
    assert compare(one, other).score >= NEARLY_CERTAIN


def test_what_speaks_against_a_pair_is_said_too() -> None:
    one = sketch(
        addresses={address_of("12 Elm St", "60608")}, states={"IL"}, points={(41.0, -87.0)}
    )
    other = sketch(addresses={address_of("9 Oak St", "94110")}, states={"CA"},
                   points={(37.0, -122.0)}, phones={"4155550100"})  # fmt: skip
    said = words(one, other)
    assert "in different states" in said
    assert "another address" in said
    assert compare(one, other).score < PROPOSED


def test_an_organization_may_have_places_of_which_none_is_the_other_s() -> None:
    def organization(line: str) -> Sketch:
        return sketch("Elm Legal Aid", addresses={address_of(line, "60608")},
                      phones={"3125550142"}, is_organization=True)  # fmt: skip

    assert compare(organization("12 Elm St"), organization("9 Oak St")).score >= PROPOSED


def test_one_source_is_believed_that_it_lists_two() -> None:
    assert compare(sketch(source=1), sketch(source=1)).score == (
        compare(sketch(source=1), sketch(source=2)).score - 5
    )


def test_services_of_others_are_compared_only_by_name_and_place() -> None:
    here = address_of("12 Elm St", "60608")
    one, other = (
        sketch(addresses={here}, organization=UUID(int=1)),
        sketch(addresses={here}, organization=UUID(int=2)),
    )
    assert comparable_services(one, other, organizations_alike=False)
    far = sketch(addresses={address_of("9 Oak St", "60608")}, organization=UUID(int=2))
    assert not comparable_services(one, far, organizations_alike=False)
    assert comparable_services(one, far, organizations_alike=True)


def test_services_of_one_office_are_one_only_by_their_names() -> None:
    office = {"addresses": {address_of("12 Elm St", "60608")}, "organization": UUID(int=1)}
    counsel, court = sketch("Tenant advice", **office), sketch("Eviction court", **office)
    assert not comparable_services(counsel, court, organizations_alike=True)
    assert comparable_services(counsel, sketch("Tenants Advice", **office),
                               organizations_alike=False)  # fmt: skip


def test_a_pair_that_is_none_comes_again_when_it_is_much_more_alike() -> None:
    assert not changed_much(60, 74)
    assert changed_much(60, 75)
    assert not changed_much(20, 40)


NAMES = st.text("ab 1é'&.", min_size=1, max_size=12)
POINTS = st.tuples(st.floats(24, 49), st.floats(-125, -67))
SKETCHES = st.builds(
    Sketch,
    id=st.uuids(),
    name=NAMES,
    other_names=st.frozensets(NAMES, max_size=2),
    source=st.none() | st.integers(1, 2),
    phones=st.frozensets(st.sampled_from(["3125550142", "3125550143"])),
    addresses=st.frozensets(
        st.builds(Address, st.sampled_from(["1", "2"]), st.sampled_from(["elm st", "oak st"]),
                  st.sampled_from(["60608", ""])), max_size=2),
    points=st.frozensets(POINTS, max_size=2),
    hosts=st.frozensets(st.sampled_from(["a.org", "b.org"])),
    zips=st.frozensets(st.sampled_from(["60608", "60609"])),
    states=st.frozensets(st.sampled_from(["IL", "CA"]), max_size=1),
    is_organization=st.booleans(),
)  # fmt: skip


@given(SKETCHES, SKETCHES)
def test_the_order_of_two_records_does_not_matter(one: Sketch, other: Sketch) -> None:
    other = replace(other, is_organization=one.is_organization)
    assert compare(one, other) == compare(other, one)
    assert metres_apart(one, other) == metres_apart(other, one)


@given(SKETCHES, SKETCHES)
def test_the_parts_make_the_score_and_are_at_most_100(one: Sketch, other: Sketch) -> None:
    compared = compare(one, other)
    assert compared.score == sum(part.points for part in compared.parts) <= 100
    assert all(part.words for part in compared.parts)


@given(SKETCHES)
def test_whatever_is_listed_twice_shares_a_key_and_is_one(one: Sketch) -> None:
    again = replace(one, id=uuid4())
    if one.phones or one.addresses:
        assert keys_of(one) & keys_of(again)
    assert not [part for part in compare(one, again).parts if part.points < -5]


def test_the_figures_on_real_sites(test_data: Path) -> None:
    """Precision and recall on pairs that were judged by hand, and on the same rows of a feed as
    two programs read them; keys alone decide what is compared at all."""
    known = {**dict(flat_sites(test_data)), **dict(nested_sites(test_data))}
    found = scored(known)
    by_hand = [tuple(sorted(full_ids(known, pair))) for pair in SAME]
    other = [tuple(sorted(full_ids(known, pair))) for pair in DIFFERENT]
    twice = [(key, f"json {key}") for key in known if f"json {key}" in known]
    assert (len(by_hand), len(other), len(twice)) == (55, 36, 398)
    right = sum(found.get(pair, 0) >= PROPOSED for pair in (*by_hand, *twice))
    wrong = sum(found.get(pair, 0) >= PROPOSED for pair in other)
    assert right / (right + wrong) >= 0.98
    assert right / (len(by_hand) + len(twice)) >= 0.95
    assert sum(found.get(pair, 0) >= PROPOSED for pair in by_hand) / len(by_hand) >= 0.85
    assert not [pair for pair in other if found.get(pair, 0) >= NEARLY_CERTAIN]
    assert len(found) < 10 * len(known)


def scored(known: dict[str, Sketch]) -> dict[tuple[str, ...], int]:
    """The score of each pair that shares a key."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for name, each in known.items():
        for key in keys_of(each):
            holders[key].append(name)
    pairs = {
        pair
        for some in holders.values()
        if len(some) <= MOST_WITH_A_KEY
        for pair in combinations(sorted(some), 2)
    }
    return {pair: compare(known[pair[0]], known[pair[1]]).score for pair in pairs}


def full_ids(known: dict[str, Sketch], pair: str) -> list[str]:
    return [next(key for key in known if key.startswith(short)) for short in pair.split("-")]


def flat_sites(test_data: Path) -> Iterator[tuple[str, Sketch]]:
    sources: dict[str, int] = {}
    with (test_data / "data/food_sites/food_sites_flat.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["name"]:
                number = sources.setdefault(row["scraper_id"], len(sources) + 1)
                yield row["source_hash"], site(row, number, "outside" in row["note"])


def nested_sites(test_data: Path) -> Iterator[tuple[str, Sketch]]:
    path = test_data / "data/food_sites/dirty_hsds_feed.jsonl"
    for line in path.read_text().splitlines():
        told = json.loads(line)
        parts = list(everything_in(told["hsds"]))
        named = next((part["name"] for part in parts if part.get("name")), None)
        address = next((part for part in parts if part.get("address_1")), {})
        point = next((part for part in parts if number(part.get("latitude"))), {})
        phone = next((str(part["number"]) for part in parts if part.get("number")), "")
        row = {
            "name": named, "phone": phone, "address": address.get("address_1"),
            "city": address.get("city"), "state": address.get("state_province"),
            "postal_code": address.get("postal_code"), "latitude": point.get("latitude"),
            "longitude": point.get("longitude"),
        }  # fmt: skip
        if named:
            texts = {key: str(value or "") for key, value in row.items()}
            yield f"json {told['content_hash'][:16]}", site(texts, 99, False)


def site(row: dict[str, str], source: int, outside: bool) -> Sketch:
    point = number(row["latitude"]), number(row["longitude"])
    usable = all(point) and not outside and ",".join(map(str, point)) not in NOWHERE
    address = address_of(row["address"], row["postal_code"], row["city"])
    phone = phone_key(row["phone"])
    return Sketch(
        id=uuid4(), name=row["name"], source=source,
        phones=frozenset({phone} if phone else ()),
        addresses=frozenset({address} if address else ()),
        points=frozenset({point} if usable else ()),  # type: ignore[arg-type]
        zips=frozenset({row["postal_code"][:5]} - {""}),
        states=frozenset({row["state"].upper()} - {""}),
    )  # fmt: skip


def number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def everything_in(told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, dict):
        yield told
    for part in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from everything_in(part)


@given(st.sampled_from(["Rent help", "Rent assistance", "Soup", "Soup kitchen", "Beds", ""]),
       st.sampled_from(["Help with rent", "Soup kitchen", "Shelter beds", "Beds"]),
       st.booleans(), st.booleans())  # fmt: skip
def test_services_whose_names_do_not_fit_are_never_comparable(
    one: str, other: str, alike: bool, same: bool
) -> None:
    owner = uuid4()
    here = {address_of("12 Elm St", "60608")}
    first = sketch(one, organization=owner, addresses=here)
    second = sketch(other, organization=owner if same else uuid4(), addresses=here)
    if not names_fit(first, second, organizations_alike=alike):
        assert not comparable_services(first, second, organizations_alike=alike)
