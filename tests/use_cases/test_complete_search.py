"""Completing what is typed: near the place that is asked, and only what can be searched."""

from dataclasses import dataclass, field

import pytest

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

    def complete(
        self, typed: str, limit: int, near: tuple[float, float] | None = None
    ) -> tuple[Completion, ...]:
        self.asked.append((typed, limit, near))
        return self.offered


def complete(completer: FakeCompleter, **query: object) -> tuple[CompletionView, ...]:
    asked = FindQuery(**query)  # type: ignore[arg-type]
    return complete_search(Anonymous(), asked, completer=completer, places=FakePlaces())


def test_a_need_comes_with_its_code() -> None:
    assert complete(FakeCompleter((PANTRY, CICERO)), words="foo") == (
        CompletionView("need", "Food pantry", "food.groceries.pantry"),
        CompletionView("place", "Cicero, IL", None),
    )


def test_what_is_near_the_asked_place_is_asked_for() -> None:
    completer = FakeCompleter()
    complete(completer, words="foo", near="60608", limit=5)
    assert completer.asked == [("foo", 5, (41.85, -87.67))]


def test_a_state_is_too_large_to_be_near() -> None:
    assert [way.text for way in complete(FakeCompleter((ILLINOIS, CICERO)))] == ["Cicero, IL"]


def test_a_place_that_is_not_known_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="No place found") as refused:
        complete(FakeCompleter(), words="foo", near="Zzyzxville")
    assert set(refused.value.fields) == {"near"}
