"""What the documents say of tables is what the tables say."""

from referral_hub.rules.appointments import NEXT
from referral_hub.rules.referral_lifecycle import LABEL, MOVE_LABEL, PART_LABEL, RULES, Rule, Status
from referral_hub.rules.referrals import AppointmentState
from tests.structure.test_layers import ROOT

WHERE = {"held_from": "where it was held", "closed_from": "where it was closed", "same": "stays"}


def row_of(rule: Rule) -> str:
    """A move as `docs/referrals.md` has it."""
    everywhere = len(rule.sources) == len(Status) - 1
    sources = "any" if everywhere else ", ".join(LABEL[s] for s in Status if s in rule.sources)
    target = LABEL[rule.target] if isinstance(rule.target, Status) else WHERE[rule.target]
    parts = ", ".join(words for part, words in PART_LABEL.items() if part in rule.parts)
    needs = ", ".join(sorted(datum.value for datum in rule.needs)) or "–"
    return f"| {MOVE_LABEL[rule.move]} (`{rule.move}`) | {sources} | {target} | {parts} | {needs} |"


def test_the_page_on_referrals_has_exactly_the_moves_of_the_table() -> None:
    written = (ROOT / "docs" / "referrals.md").read_text().splitlines()
    moves = [line for line in written if line.startswith("| ") and "(`" in line]
    assert moves == [row_of(rule) for rule in RULES]


def test_the_page_on_referrals_has_what_follows_on_each_state_of_an_appointment() -> None:
    written = (ROOT / "docs" / "referrals.md").read_text().splitlines()
    begin = written.index("| It stands as | What can follow |") + 2
    rows = {
        f"| {before or '–'} | {', '.join(s for s in AppointmentState if s in after) or '–'} |"
        for before, after in NEXT.items()
    }
    assert set(written[begin : begin + len(rows)]) == rows
