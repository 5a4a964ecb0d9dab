"""Whose referrals figures are of, in words."""

import pytest

from referral_hub.rules.figure_whose import Whose


@pytest.mark.parametrize(
    ("whose", "words", "name"),
    [
        (Whose(None), "All referrals of the network", "The network"),
        (Whose("Full Table"), "All referrals of Full Table", "Full Table"),
        (
            Whose("Full Table", ("Intake",)),
            "Referrals of your team: Intake",
            "Full Table, these teams alone: Intake",
        ),
        (
            Whose("Full Table", ("Intake", "South")),
            "Referrals of your teams: Intake and South",
            "Full Table, these teams alone: Intake and South",
        ),
        (
            Whose("Full Table", ("Intake", "North", "South")),
            "Referrals of your teams: Intake, North and South",
            "Full Table, these teams alone: Intake, North and South",
        ),
        (
            Whose("Full Table", ()),
            "No referrals: you lead no team",
            "Full Table, these teams alone: none",
        ),
    ],
)
def test_it_is_told_to_the_viewer_and_to_others(whose: Whose, words: str, name: str) -> None:
    assert (whose.words, whose.name) == (words, name)
