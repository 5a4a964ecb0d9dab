"""Completing what is typed: near the place that is asked, and only what can be searched."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm import Session

from referral_hub.gateways.search import Completion, CompletionKind
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.complete_search import complete_search
from referral_hub.use_cases.directory_views import CompletionView, FindQuery
from tests.fakes import FakePlaces

PANTRY = Completion(CompletionKind.NEED, "Food pantry", "food.groceries.pantry")
CICERO = Completion(CompletionKind.PLACE, "Cicero, IL")
ILLINOIS = Completion(CompletionKind.PLACE, "Illinois")


@dataclass
class FakeCompleter:
    """Always offers the same, and remembers what was asked."""

    offered: tuple[Completion, ...] = ()
    asked: list[tuple[str, int, tuple[float, float] | None]] = field(default_factory=list)
    without: frozenset[str] = frozenset()

    def complete(
        self,
        typed: str,
        limit: int,
        near: tuple[float, float] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Completion, ...]:
        self.asked.append((typed, limit, near))
        self.without = without
        return self.offered


Complete = Callable[..., tuple[CompletionView, ...]]


@pytest.fixture
def complete(session: Session) -> Complete:
    """Completes the words of a query."""

    def completed(completer: FakeCompleter, **query: object) -> tuple[CompletionView, ...]:
        asked = FindQuery(**query)  # type: ignore[arg-type]
        return complete_search(
            session, Anonymous(), asked, completer=completer, places=FakePlaces()
        )

    return completed


def test_a_need_comes_with_its_code(complete: Complete) -> None:
    assert complete(FakeCompleter((PANTRY, CICERO)), words="foo") == (
        CompletionView("need", "Food pantry", "food.groceries.pantry"),
        CompletionView("place", "Cicero, IL", None),
    )


def test_what_is_near_the_asked_place_is_asked_for(complete: Complete) -> None:
    completer = FakeCompleter()
    complete(completer, words="foo", near="60608", limit=5)
    assert completer.asked == [("foo", 5, (41.85, -87.67))]


def test_a_state_is_too_large_to_be_near(complete: Complete) -> None:
    assert [way.text for way in complete(FakeCompleter((ILLINOIS, CICERO)))] == ["Cicero, IL"]


def test_a_place_that_is_not_known_is_refused_by_name(complete: Complete) -> None:
    with pytest.raises(InvalidInput, match="No place found") as refused:
        complete(FakeCompleter(), words="foo", near="Zzyzxville")
    assert set(refused.value.fields) == {"near"}
