"""Two people edit one form: what each of them changed is kept, and only a true clash is asked."""

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.three_way import lines_of, merge, merge_lines

BASE = {"name": "Shelter", "wait": "", "papers": "Photo ID\nPay stubs"}


def test_what_only_one_changed_is_kept_of_each() -> None:
    merged = merge(BASE, BASE | {"name": "Night Shelter"}, BASE | {"wait": "1 week"})
    assert merged.texts == BASE | {"name": "Night Shelter", "wait": "1 week"}
    assert merged.clashes == ()
    assert merged.from_others == ("wait",)


def test_what_both_changed_to_the_same_is_no_clash() -> None:
    changed = BASE | {"name": "Night Shelter"}
    merged = merge(BASE, changed, changed)
    assert (merged.texts, merged.clashes) == (changed, ())


def test_what_both_changed_otherwise_is_for_a_person_and_keeps_what_was_typed() -> None:
    merged = merge(BASE, BASE | {"name": "Mine"}, BASE | {"name": "Theirs"})
    (clash,) = merged.clashes
    assert (clash.name, clash.base, clash.mine, clash.theirs) == (
        "name", "Shelter", "Mine", "Theirs",
    )  # fmt: skip
    assert merged.texts["name"] == "Mine"


def test_a_record_that_others_removed_clashes_only_where_it_was_changed_here() -> None:
    base = {"phone.1.number": "1", "phone.1.type": "voice"}
    merged = merge(base, base | {"phone.1.number": "2"}, {})
    assert [clash.name for clash in merged.clashes] == ["phone.1.number"]
    assert merge(base, base, {}).clashes == ()


def test_both_may_add_to_a_list_and_take_from_it() -> None:
    mine = BASE | {"papers": "Photo ID\nLease"}
    theirs = BASE | {"papers": "Photo ID\nPay stubs\nBirth certificate"}
    merged = merge(BASE, mine, theirs, {"papers"})
    assert merged.clashes == ()
    assert lines_of(merged.texts["papers"]) == ["Photo ID", "Birth certificate", "Lease"]


def test_two_other_entries_in_the_place_of_one_are_for_a_person() -> None:
    mine = BASE | {"papers": "Photo ID\nLease"}
    theirs = BASE | {"papers": "Photo ID\nBirth certificate"}
    merged = merge(BASE, mine, theirs, {"papers"})
    assert [clash.name for clash in merged.clashes] == ["papers"]
    assert lines_of(merged.texts["papers"]) == ["Photo ID", "Birth certificate", "Lease"]


def test_another_order_of_a_list_changes_nothing() -> None:
    merged = merge(BASE, BASE | {"papers": "Pay stubs\nPhoto ID\n"}, BASE, {"papers"})
    assert (merged.texts, merged.from_others) == (BASE, ())


LINES = st.lists(st.sampled_from("abcdef"), unique=True).map("\n".join)


@given(LINES, LINES, LINES)
def test_a_merged_list_has_what_either_added_and_not_what_either_took(
    base: str, mine: str, theirs: str
) -> None:
    was, here, there = (set(lines_of(each)) for each in (base, mine, theirs))
    got = set(lines_of(merge_lines(base, mine, theirs)))
    assert got == (here & there) | (here - was) | (there - was)


TEXTS = st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["", "1", "2", "3"]))


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_somebody_typed_is_lost(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    merged = merge(base, mine, theirs)
    for name, typed in mine.items():
        if typed != base.get(name, ""):
            assert merged.texts[name] == typed
    clashing = {clash.name for clash in merged.clashes}
    for name, now in theirs.items():
        if now != base.get(name, "") and name not in clashing:
            assert merged.texts[name] == now
