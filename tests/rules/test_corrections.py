"""What can be proposed to a listing, and how values become text and come back."""

from datetime import date

import pytest

from referral_hub.rules.corrections import ListingField, as_text, check_proposal, from_text
from referral_hub.rules.errors import InvalidInput


@pytest.mark.parametrize(
    ("field", "proposed", "note", "wrong"),
    [
        (ListingField.HOURS, " ", "", "proposed"),
        (ListingField.HOURS, "x" * 2001, "", "proposed"),
        (ListingField.HOURS, "See www.spam.example", "", "proposed"),
        (ListingField.HOURS, "Mondays", "more at https://spam.example", "note"),
        (ListingField.URL, "not an address", "", "proposed"),
        (ListingField.URL, "https://a.example https://b.example", "", "proposed"),
    ],
)
def test_strangers_are_told_what_cannot_be_sent(
    field: ListingField, proposed: str, note: str, wrong: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        check_proposal(field, proposed, note, stranger=True)
    assert wrong in error.value.fields


def test_who_is_signed_in_may_send_links_and_anybody_a_website() -> None:
    check_proposal(ListingField.OTHER, "See https://there.example", "", stranger=False)
    check_proposal(ListingField.URL, "https://there.example", "", stranger=True)


def test_that_it_is_not_offered_any_more_needs_no_words() -> None:
    check_proposal(ListingField.STATUS, "", "", stranger=True)


@pytest.mark.parametrize("value", ["text", 18.5, date(2026, 3, 1), True, None])
def test_a_value_comes_back_from_its_text(value: object) -> None:
    assert from_text(as_text(value), str if value is None else type(value)) == value


@pytest.mark.parametrize(("text", "kind"), [("many", float), ("soon", date), ("yes", bool)])
def test_text_that_a_column_cannot_hold_is_refused(text: str, kind: type) -> None:
    with pytest.raises(InvalidInput):
        from_text(text, kind)
