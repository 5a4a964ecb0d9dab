"""Ways to go on typing: needs, services, organizations and places that begin as typed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from search_index.documents import Completion, CompletionKind, Concept
from search_index.name_list import MOST_LETTERS, NameList, folded_name

FEWEST_LETTERS = 2

Names = Callable[[str, int], Iterable[tuple[str, int]]]
"""From what is typed, and how many at most, to names that go on so with counts, best first."""

Places = Callable[[str], Sequence[str]]
"""From what is typed to the labels of places that go on so, best first."""


class NeedList:
    """All ways to say each need, ready to be completed.

    `services` tells how many services answer a need, by its code: what more of them answer comes
    first. Among the ways to say one need its label does.
    """

    def __init__(self, concepts: Iterable[Concept], services: Mapping[str, int]) -> None:
        codes: dict[str, dict[str, None]] = {}
        shown: dict[str, str] = {}
        weights: dict[str, int] = {}
        for concept in sorted(concepts, key=lambda concept: -services.get(concept.code, 0)):
            weight = 2 * services.get(concept.code, 0)
            for phrase, more in ((concept.label, 1), *((phrase, 0) for phrase in concept.phrases)):
                text = shown.setdefault(folded_name(phrase), phrase)
                weights[text] = max(weights.get(text, 0), weight + more)
                codes.setdefault(text, {})[concept.code] = None
        self._phrases = NameList.of_counts(weights)
        self._codes = [tuple(codes[phrase]) for phrase in self._phrases]

    def starting(self, typed: str, limit: int) -> list[Completion]:
        """Return up to so many needs, each by the best way to say it that goes on as typed."""
        return list(islice(self._found(typed), max(limit, 0)))

    def _found(self, typed: str) -> Iterator[Completion]:
        seen: set[str] = set()
        for rank in self._phrases.ranks(typed, len(self._phrases)):
            for code in self._codes[rank]:
                if code not in seen:
                    seen.add(code)
                    yield Completion(CompletionKind.NEED, self._phrases[rank], code)


def complete(
    typed: str,
    *,
    needs: NeedList,
    services: Names,
    organizations: Names,
    places: Places,
    limit: int,
) -> tuple[Completion, ...]:
    """Return up to `limit` ways to go on typing; any text will do, too short a one gives none.

    Needs come first and are at most half, rounded up. Then services, organizations and places
    share the rest: what one kind does not fill goes to the others. A text shows only once.
    """
    if len(folded_name(typed)) < FEWEST_LETTERS or len(typed) > MOST_LETTERS:
        return ()
    shown: set[str] = set()
    chosen = list(islice(_new(needs.starting(typed, limit), shown), (limit + 1) // 2))
    waiting = deque(
        _new(found, shown)
        for found in (
            _named(CompletionKind.SERVICE, services(typed, 2 * limit)),
            _named(CompletionKind.ORGANIZATION, organizations(typed, 2 * limit)),
            [Completion(CompletionKind.PLACE, label) for label in places(typed)],
        )
    )
    while waiting and len(chosen) < limit:
        kind = waiting.popleft()
        if completion := next(kind, None):
            chosen.append(completion)
            waiting.append(kind)
    order = list(CompletionKind)
    return tuple(sorted(chosen, key=lambda completion: order.index(completion.kind)))


def _named(kind: CompletionKind, names: Iterable[tuple[str, int]]) -> list[Completion]:
    return [Completion(kind, name) for name, _ in names]


def _new(found: Iterable[Completion], shown: set[str]) -> Iterator[Completion]:
    """Yield what has not been shown yet, whatever its kind, and note it as shown."""
    for completion in found:
        folded = folded_name(completion.text)
        if folded not in shown:
            shown.add(folded)
            yield completion
