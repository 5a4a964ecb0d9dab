"""Snapshots: exactly the fields of their categories, what they add up to, how they read."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.client_profile import CATEGORY_OF, FIELDS, Profile
from referral_hub.rules.clients import ContactWay
from referral_hub.rules.consent import ALWAYS, Category
from referral_hub.rules.disclosure_words import FIELD_LABEL, WAY, rows_for_page
from referral_hub.rules.disclosures import (
    NeedFacts,
    as_values,
    identity_only,
    merge,
    not_shared,
    snapshot,
)

ROSA = Profile(
    given_name="Rosa",
    family_name="Quintero-Vega",
    birth_date=date(1988, 4, 17),
    languages=("es", "xx"),
    interpreter_needed=True,
    phone="+17735550143",
    street="1842 W Cermak Rd",
    city="Chicago",
    state="IL",
    zip="60608",
    contact_ways=(ContactWay.CALL, ContactWay.TEXT),
    never="Never leave a message with her brother.",
    household_size=4,
    veteran=False,
    income=0,
    health="Asthma.",
    legal="Eviction hearing in May.",
    adverse_party="Kedzie Holdings",
)
NEED = NeedFacts(
    "housing.eviction", "Help with an eviction", 3, 4, "Hearing on Monday.", {"Pets?": "One cat"}
)
BASIC, HOME, LEGAL = Category.BASIC_CONTACT, Category.HOUSEHOLD, Category.LEGAL


def test_a_snapshot_has_the_fields_of_its_categories_and_no_others() -> None:
    found = snapshot(ROSA, NEED, ALWAYS | {HOME})
    assert list(found) == ["basic_contact", "need", "household"]
    assert set(found["household"]) == {
        "household_size", "children", "housing", "veteran", "relation",
    }  # fmt: skip
    assert found["household"]["household_size"] == 4
    assert found["need"] == {
        "code": "housing.eviction", "label": "Help with an eviction", "urgency": 3, "acuity": 4,
        "reason": "Hearing on Monday.", "answers": {"Pets?": "One cat"},
    }  # fmt: skip
    assert found["basic_contact"]["birth_date"] == "1988-04-17"
    text = json.dumps(found)
    assert "Asthma" not in text
    assert "Kedzie" not in text
    assert json.loads(text) == found


def test_the_need_is_shared_only_with_its_category() -> None:
    assert snapshot(ROSA, NEED, {BASIC}).keys() == {"basic_contact"}
    assert snapshot(ROSA, NEED, set()) == {}


def test_every_field_belongs_to_a_category_and_has_a_label() -> None:
    assert set(CATEGORY_OF) == set(FIELDS)
    everything = snapshot(ROSA, NEED, set(Category))
    assert set(everything) == set(Category)
    names = {name for values in everything.values() for name in values}
    assert names - set(FIELD_LABEL) == {"code", "answers"}
    assert set(WAY) == set(ContactWay)


def test_for_a_check_of_conflicts_there_are_names_area_and_topic_and_no_story() -> None:
    found = identity_only(ROSA, NEED, ["Iris Vega", "Ben Vega"], set(Category))
    assert found == {
        "basic_contact": {
            "given_name": "Rosa", "family_name": "Quintero-Vega", "preferred_name": "",
            "city": "Chicago", "state": "IL", "zip3": "606",
        },
        "need": {"code": "housing.eviction", "label": "Help with an eviction"},
        "household": {"household_names": ["Ben Vega", "Iris Vega"]},
        "legal": {"adverse_party": "Kedzie Holdings"},
    }  # fmt: skip


def test_not_even_names_are_shared_of_what_the_client_did_not_agree_to() -> None:
    found = identity_only(ROSA, NEED, ["Iris Vega"], ALWAYS)
    assert set(found) == {"basic_contact", "need"}


def test_later_snapshots_win_field_by_field_and_can_clear() -> None:
    first = snapshot(ROSA, NEED, {BASIC, LEGAL})
    second = snapshot(replace(ROSA, phone="", city="Cicero"), NEED, {BASIC, HOME})
    merged = merge([first, second])
    assert list(merged) == ["basic_contact", "household", "legal"]
    assert merged["basic_contact"]["phone"] == ""
    assert merged["basic_contact"]["city"] == "Cicero"
    assert merged["legal"]["adverse_party"] == "Kedzie Holdings"
    assert first["basic_contact"]["phone"] == "+17735550143"


def test_what_changed_since_is_named_and_only_of_what_was_shared() -> None:
    merged = merge([snapshot(ROSA, NEED, ALWAYS | {HOME})])
    assert not_shared(ROSA, merged) == ()
    changed = replace(ROSA, phone="+17735550199", children=2, health="Worse.", languages=("en",))
    assert not_shared(changed, merged) == ("languages", "phone", "children")


def test_it_reads_in_plain_words() -> None:
    sections = rows_for_page(snapshot(ROSA, NEED, set(Category)))
    rows = {label: words for section in sections for label, words in section.rows}
    assert rows["Date of birth"] == "April 17, 1988"
    assert rows["Languages"] == "Spanish, xx"
    assert rows["Needs an interpreter"] == "Yes"
    assert rows["Veteran"] == "No"
    assert rows["Household income a month"] == "$0"
    assert rows["Safe ways to make contact"] == "call, text message"
    assert rows["How urgent"] == "High"
    assert rows["How the client is doing"] == "4 of 5, where 5 is in crisis"
    assert rows["Pets?"] == "One cat"
    assert "E-mail" not in rows
    assert "code" not in rows
    assert [section.heading for section in sections][:2] == [
        "Name and how to reach the client", "What the client needs, and why",
    ]  # fmt: skip
    names = rows_for_page(identity_only(ROSA, NEED, ["Iris Vega"], set(Category)))
    assert ("People in the household, by name", "Iris Vega") in names[2].rows


texts = st.text(max_size=4)
profiles: st.SearchStrategy[Profile] = st.builds(
    Profile,
    given_name=texts, phone=texts, zip=texts, health=texts, legal=texts,
    birth_date=st.none() | st.dates(),
    languages=st.lists(st.sampled_from(["en", "es"]), max_size=2).map(tuple),
    contact_ways=st.lists(st.sampled_from(ContactWay), max_size=2).map(tuple),
    income=st.none() | st.integers(0, 9000), veteran=st.none() | st.booleans(),
)  # fmt: skip
some_categories = st.frozensets(st.sampled_from(Category))


@given(profiles, some_categories, some_categories)
def test_a_part_of_the_categories_shows_a_part_of_the_whole(
    profile: Profile, some: frozenset[Category], more: frozenset[Category]
) -> None:
    part, whole = snapshot(profile, NEED, some), snapshot(profile, NEED, some | more)
    assert part.items() <= whole.items()
    assert set(part) == {each.value for each in some}


@given(profiles, some_categories)
def test_a_snapshot_is_the_same_each_time_and_after_json(
    profile: Profile, some: frozenset[Category]
) -> None:
    found = snapshot(profile, NEED, some)
    assert json.dumps(found) == json.dumps(snapshot(profile, NEED, frozenset(sorted(some))))
    assert json.loads(json.dumps(found)) == found


@given(profiles, st.lists(some_categories, max_size=4))
def test_merging_the_same_profile_shares_nothing_but_it(
    profile: Profile, rounds: list[frozenset[Category]]
) -> None:
    merged = merge(snapshot(profile, NEED, each) for each in rounds)
    assert merged == snapshot(profile, NEED, frozenset[Category]().union(*rounds))
    assert not_shared(profile, merged) == ()


@given(profiles, profiles, some_categories)
def test_what_is_not_shared_is_exactly_what_differs(
    before: Profile, after: Profile, some: frozenset[Category]
) -> None:
    merged = snapshot(before, NEED, some)
    old, new = as_values(before), as_values(after)
    differing: list[Any] = [
        name for name in FIELDS if CATEGORY_OF[name] in some and old[name] != new[name]
    ]
    assert list(not_shared(after, merged)) == differing


@given(profiles, some_categories)
def test_identities_never_show_more_than_the_whole(
    profile: Profile, some: frozenset[Category]
) -> None:
    shown = identity_only(profile, NEED, [], some)
    whole = snapshot(profile, NEED, some)
    assert set(shown) <= set(whole)
    for category, values in shown.items():
        extra = set(values) - set(whole[category])
        assert extra <= {"zip3", "household_names"}
