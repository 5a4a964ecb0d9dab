"""Ids stay the same for ever."""

from uuid import UUID

from referral_hub.rules.identifiers import record_uuid


def test_a_uuid_is_kept() -> None:
    given = "ac148810-d857-441c-9679-408f346de14b"
    assert record_uuid("any", "service", given) == UUID(given)


def test_another_id_becomes_the_same_uuid_each_time() -> None:
    assert record_uuid("a", "service", "17") == record_uuid("a", "service", "17")
    assert record_uuid("a", "service", "17").version == 5


def test_the_same_number_in_another_source_or_table_is_another_record() -> None:
    ids = {
        record_uuid(source, table, "17")
        for source in ("a", "b")
        for table in ("service", "location")
    }
    assert len(ids) == 4
