"""Every weight of the ranking, in one place.

The score by words of a document adds up, for each thing asked for,
- Whoosh's BM25F of its words (`scoring`), or of other words for the same times `instead`, or of
  a phrase with other words for some of its own times `loosely`;
- `need` x rarity x strength / (strength + `need_half`) when the document is about a need named.
The sum is lessened by the share of things asked for that the document lacks (`complete`), and
raised by `people` when it is for the people named.

That is multiplied by a share of distance, between 1 - `far` and 1: 1 where the asked point is,
half of the way down at `near_km`. Small raises follow for what was verified lately, takes
referrals, or belongs to the network. Equal scores: nearest first, then by the id of the service.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of the ranking."""

    instead: float = 0.9
    loosely: float = 0.3
    need: float = 1.3
    need_half: float = 1.0
    related: float = 0.5
    partial: float = 0.6
    complete: float = 0.7
    named: float = 0.5
    people: float = 0.3
    far: float = 0.5
    near_km: float = 20.0
    place: float = 0.95
    around_km: float = 8.0
    within: float = 0.35
    within_wide: float = 0.8
    place_said: float = 0.4
    place_unknown: float = 0.1
    verified: float = 0.02
    accepting: float = 0.03
    partner: float = 0.05


WEIGHTS = Weights()
