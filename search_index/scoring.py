"""How well documents answer words: BM25F over Whoosh's postings.

A word counts more in a name than in a description (the weights of `schema`) and more in a short
text than in a long one. All places are added up before they saturate, and a word is as rare as
the documents that have it anywhere, so that a common word in an odd place weighs little.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, Values
from search_index.postings import Postings
from search_index.schema import FIELD_WEIGHTS, TEXT_FIELDS
from search_index.understand import Meaning, Stems

# The usual free parameters of BM25: how much length counts, how soon repetition stops counting.
LENGTH_SHARE = 0.75
SATURATION = 1.2
# What an understood need is worth, in units of the best score by words: more than any words.
NEED_WORTH = 2.0

Scores = NDArray[np.float64]


class TextScores:
    """Answers words with a score for each document of one generation of the index."""

    def __init__(self, reader: Any, lengths: NDArray[np.int32], live: Flags) -> None:
        self._lengths = lengths
        self._size = live.size
        self._count = int(live.sum())
        self._average = lengths[live].mean(axis=0) if self._count else np.ones(len(TEXT_FIELDS))
        self._postings = Postings(reader)

    def of(self, stem: str) -> Scores:
        """Return the score of one word for each row; 0 where a document has it nowhere."""
        scores = np.zeros(self._size)
        weighted = zip(FIELD_WEIGHTS.values(), self._postings.of(stem), strict=True)
        for column, (weight, (rows, counts)) in enumerate(weighted):
            length = self._lengths[rows, column] / self._average[column]
            scores[rows] += weight * counts / (1 - LENGTH_SHARE + LENGTH_SHARE * length)
        rows = np.flatnonzero(scores)
        if not rows.size:
            return scores
        rarity = math.log(self._count / (rows.size + 1)) + 1
        scores[rows] *= rarity * (SATURATION + 1) / (scores[rows] + SATURATION)
        return scores

    def having(self, phrase: Stems) -> Flags:
        """Tell which documents have the words of a phrase together in one text field."""
        flags = np.zeros(self._size, dtype=np.bool_)
        if len(phrase) == 1:
            for rows, _ in self._postings.of(phrase[0]):
                flags[rows] = True
        else:
            flags[self._postings.of_phrase(phrase)] = True
        return flags


def answer(
    meaning: Meaning, texts: TextScores, categories: Values, live: Flags
) -> tuple[Flags, Scores]:
    """Return which documents answer a meaning, and how well.

    Any word or understood need will do; quoted phrases must be there, and then the other words
    only rank. What is left out counts against all. A meaning with exclusions alone is answered
    by all other documents, an empty one by none.
    """
    scores = np.zeros(len(live))
    matched = np.zeros(len(live), dtype=np.bool_)
    complete = [live.copy() if unit.stems else matched.copy() for unit in meaning.understood]
    for stem in _all_stems(meaning):
        found = texts.of(stem)
        scores += found
        if stem in meaning.words:
            matched |= found > 0
        for unit, flags in zip(meaning.understood, complete, strict=True):
            if stem in unit.stems:
                flags &= found > 0
    needs = [categories.any_of(unit.codes, len(live)) & live for unit in meaning.understood]
    for flags in (*needs, *complete):
        matched |= flags
    best_by_words = scores.max(initial=0.0) or 1.0
    for flags in needs:
        scores[flags] += NEED_WORTH * best_by_words
    if meaning.required:
        matched = np.logical_and.reduce([texts.having(phrase) for phrase in meaning.required])
    elif meaning.excluded and not (meaning.words or meaning.understood):
        matched = live.copy()
    for phrase in meaning.excluded:
        matched &= ~texts.having(phrase)
    return matched, scores


def _all_stems(meaning: Meaning) -> list[str]:
    runs = (meaning.words, *(unit.stems for unit in meaning.understood), *meaning.required)
    return list(dict.fromkeys(stem for run in runs for stem in run))
