"""Keys that are stable, short enough to store, and never shared by different content."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.formats.keys import Claims, child_key, content_key, own_id

UUID = "AAAAAAAA-1111-4111-8111-111111111111"


@pytest.mark.parametrize(
    ("written", "read"),
    [(" a ", "a"), (7, "7"), (7.0, "7"), (UUID, UUID.lower()), (True, ""), (None, ""), ([1], "")],
)
def test_ids_become_text(written: object, read: str) -> None:
    assert own_id(written) == read


@given(st.text(), st.text())
def test_keys_stay_short_and_different_ids_stay_different(one: str, other: str) -> None:
    long = "x" * 300
    assert len(child_key("service", one + long, other)) <= 200
    if one != other:
        assert content_key(long, "a" + one.strip()) != content_key(long, "b" + other.strip())


def test_same_ids_under_a_service_and_a_location_are_different() -> None:
    assert child_key("service", "1", "a") != child_key("location", "1", "a")


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from("12"))))
def test_claims_give_each_content_its_own_key_in_any_order(
    rows: list[tuple[str, str, str]],
) -> None:
    def keys(order: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], str]:
        claims = Claims()
        for first, second, content in order:
            claims.offer([first, first + second], content + second)
        return {row: claims.key([row[0], row[0] + row[1]], row[2] + row[1]) for row in order}

    forth = keys(rows)
    assert forth == keys(rows[::-1])
    assert len(set(forth.values())) == len(forth)
