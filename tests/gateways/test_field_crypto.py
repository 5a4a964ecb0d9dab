"""What is sealed opens with its key, in its row and column, as it was; nowhere else, never else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.errors import KeyMissing

OLD, NEW = b"o" * 32, b"n" * 32
VAULT = Vault({"k1": OLD})
COLUMN, ROW = "person.email", UUID(int=7)
TEXTS = st.text(st.characters(), max_size=200)
SEALED = VAULT.seal(COLUMN, ROW, "Ana Lopez")


@given(TEXTS, st.uuids() | st.text(max_size=20), st.sampled_from(["person.name", "person.email"]))
def test_what_was_sealed_opens_as_it_was(text: str, row: UUID | str, column: str) -> None:
    assert VAULT.open(column, row, VAULT.seal(column, row, text)) == text


@given(TEXTS, st.uuids(), st.uuids())
def test_a_value_does_not_open_in_another_row(text: str, row: UUID, other: UUID) -> None:
    sealed = VAULT.seal(COLUMN, row, text)
    if row != other:
        with pytest.raises(KeyMissing):
            VAULT.open(COLUMN, other, sealed)


@given(TEXTS, st.text(max_size=20))
def test_a_value_does_not_open_in_another_column(text: str, column: str) -> None:
    if column != COLUMN:
        with pytest.raises(KeyMissing):
            VAULT.open(column, ROW, VAULT.seal(COLUMN, ROW, text))


@given(TEXTS, st.binary(min_size=32, max_size=32))
def test_a_value_does_not_open_with_another_key_of_the_same_id(text: str, key: bytes) -> None:
    if key != OLD:
        with pytest.raises(KeyMissing):
            Vault({"k1": key}).open(COLUMN, ROW, VAULT.seal(COLUMN, ROW, text))


@given(TEXTS, st.integers(0), st.integers(0, 7))
def test_a_value_with_one_bit_changed_does_not_open(text: str, place: int, bit: int) -> None:
    sealed = bytearray(VAULT.seal(COLUMN, ROW, text))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(KeyMissing):
        VAULT.open(COLUMN, ROW, bytes(sealed))


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_value_that_was_cut_does_not_open(length: int) -> None:
    with pytest.raises(KeyMissing):
        VAULT.open(COLUMN, ROW, SEALED[:length])


@given(st.binary(max_size=100))
def test_what_was_never_sealed_does_not_open(content: bytes) -> None:
    with pytest.raises(KeyMissing):
        VAULT.open(COLUMN, ROW, content)


@given(TEXTS)
def test_older_keys_open_and_the_newest_seals(text: str) -> None:
    ring = Vault({"k2": NEW, "k1": OLD})
    assert ring.open(COLUMN, ROW, VAULT.seal(COLUMN, ROW, text)) == text
    assert Vault({"k2": NEW}).open(COLUMN, ROW, ring.seal(COLUMN, ROW, text)) == text


def test_a_key_that_is_gone_is_named() -> None:
    with pytest.raises(KeyMissing, match="'k1'"):
        Vault({"k2": NEW}).open(COLUMN, ROW, SEALED)


def test_the_newest_key_is_known_by_the_beginning() -> None:
    ring = Vault({"k1-new": NEW, "k1": OLD})
    assert ring.seal(COLUMN, ROW, "").startswith(ring.newest_prefix)
    assert not SEALED.startswith(ring.newest_prefix)
    assert not ring.seal(COLUMN, ROW, "").startswith(VAULT.newest_prefix)


def test_equal_texts_are_sealed_differently() -> None:
    assert VAULT.seal(COLUMN, ROW, "Ana Lopez") != SEALED


@given(TEXTS, TEXTS)
def test_equal_texts_have_equal_indexes_and_others_do_not(one: str, other: str) -> None:
    assert (VAULT.index(COLUMN, one) == VAULT.index(COLUMN, other)) is (one == other)


@given(TEXTS)
def test_the_index_is_that_of_the_newest_key_and_older_ones_are_found(text: str) -> None:
    ring = Vault({"k2": NEW, "k1": OLD})
    assert ring.index(COLUMN, text) == Vault({"k2": NEW}).index(COLUMN, text)
    assert list(ring.indexes(COLUMN, text)) == [
        Vault({"k2": NEW}).index(COLUMN, text),
        VAULT.index(COLUMN, text),
    ]
    assert ring.index("other.column", text) != ring.index(COLUMN, text)


@pytest.mark.parametrize(
    "ring", [{}, {"k1": b"short"}, {"k1": b"x" * 33}, {"": OLD}, {"k" * 256: OLD}]
)
def test_a_ring_that_cannot_seal_is_refused(ring: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="key"):
        Vault(ring)
