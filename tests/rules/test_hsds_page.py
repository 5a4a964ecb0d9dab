"""The envelope of a list by the HSDS API."""

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.hsds_page import envelope


@given(total=st.integers(0, 60), per_page=st.integers(1, 20))
def test_who_reads_on_until_the_last_page_has_everything_once(total: int, per_page: int) -> None:
    records = [{"id": str(number)} for number in range(total)]
    read: list[dict[str, str]] = []
    number = 0
    while True:
        part = records[number * per_page : (number + 1) * per_page]
        number += 1
        page = envelope(part, total=total, page=number, per_page=per_page)
        assert page["size"] == len(page["contents"])
        assert page["empty"] is (page["size"] == 0)
        assert page["first_page"] is (number == 1)
        read += page["contents"]
        if page["last_page"]:
            break
    assert read == records
    assert number == max(1, page["total_pages"])


def test_a_page_past_the_last_ends_the_reading() -> None:
    page = envelope([], total=3, page=9, per_page=2)
    assert (page["last_page"], page["first_page"], page["empty"]) == (True, False, True)
