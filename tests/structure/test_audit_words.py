"""Each act that the audit tells has a sentence, and no sentence is for nothing."""

import ast
import re

from referral_hub.rules.agencies import AgencyMove
from referral_hub.rules.applications import ApplicationStatus
from referral_hub.rules.audit_words import SENTENCES
from referral_hub.rules.listings import ListingAct
from referral_hub.rules.referral_lifecycle import Move
from tests.structure.test_layers import ROOT

ACT = re.compile(r"[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*")
OF_A_NAME = {"refused", "sign-in"}
"""Acts that are no code of two words."""
DECIDED = {
    *(f"agency:{move}" for move in AgencyMove),
    *(
        f"application:{status}"
        for status in (ApplicationStatus.APPROVED, ApplicationStatus.REFUSED)
    ),
    *(f"listing:{act}" for act in ListingAct),
    *(f"referral:{move.replace('_', '-')}" for move in Move),
    "referral:reminded",
}
"""Acts that are put together from what was decided."""


def test_every_act_has_a_sentence_and_every_sentence_an_act() -> None:
    package = ROOT / "referral_hub"
    written = {
        node.value
        for folder in ("use_cases", "auth")
        for path in (package / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    acts = {text for text in written if ACT.fullmatch(text) and not text.startswith("oauth:")}
    assert written >= OF_A_NAME
    assert acts | OF_A_NAME | DECIDED == set(SENTENCES)
