"""Who gets through which door: every route and every role, as `access.txt` has it.

The rows come from the routes of the application, so that a new route fails until somebody has
decided about it. All things asked for belong to one agency; "elsewhere" administers another one.
Those with an old proof are the same people in sessions in which they proved long ago who they are.
Forms are sent empty: what counts is whether the caller is let in, not what they sent.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.routing import Rule

from tests.http.one_of_everything import (
    CALLERS,
    ELSEWHERE,
    OLD_PROOF,
    PEOPLE,
    STEWARD,
    TOKEN_OF_ALL,
    TOKEN_OF_NONE,
    World,
    doors,
)

GOLDEN = Path(__file__).parent / "access.txt"
GROUPS = {
    "everybody": CALLERS,
    "everybody signed in": (*PEOPLE, STEWARD, ELSEWHERE, *OLD_PROOF),
    "old proofs": tuple(OLD_PROOF),
    "applications": (TOKEN_OF_ALL, TOKEN_OF_NONE),
}


def line(rule: Rule, method: str, ask: Callable[[str], str]) -> str:
    """A row of the matrix: what each caller meets, callers who meet the same together."""
    by_outcome: dict[str, list[str]] = {}
    for caller in CALLERS:
        by_outcome.setdefault(ask(caller), []).append(caller)
    told = "; ".join(f"{what}: {_in_short(who)}" for what, who in sorted(by_outcome.items()))
    return f"{method} {rule.rule} | {told}"


def _in_short(callers: list[str]) -> str:
    """Callers by the names of their groups, where all of a group meet the same."""
    for name, group in GROUPS.items():
        if set(group) <= set(callers):
            callers = [name, *(caller for caller in callers if caller not in group)]
    return ", ".join(callers)


@pytest.mark.timeout(900)
def test_every_route_lets_in_whom_the_matrix_says_and_nobody_else(world: World) -> None:
    found = [
        line(rule, method, lambda caller, rule=rule, method=method: world.ask(caller, rule, method))
        for rule, method in doors(world.app)
    ]
    assert found == GOLDEN.read_text().splitlines(), "\n".join(found)
