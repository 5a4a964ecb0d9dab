"""What a mistyped word probably means: the nearest known word, by its letters and by its sounds.

People write as they hear, so a guess is as far away as letters and sounds differ together. Words
that many listings use, and words of the vocabulary, are believed sooner. A word that is known, or
is another form of a known word, stays; so does one with nothing near, since most of what an index
does not know is a name and no mistake. Names of people stay, too. Right words of English and names
of places mean another only beside its neighbour in a phrase ("food panty", "mental heath"), and
guesses are in the language of the other words.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from math import log10
from typing import Self

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import LONGEST_WORD, ONLY_SPANISH, STOP_WORDS, is_spanish, stem, words
from search_index.everyday_words import EVERYDAY_SPANISH
from search_index.near_words import NearWord, NearWords
from search_index.right_words import bases, english_words, is_everyday, is_name
from search_index.spanish import root

SHORTEST_WORD = 4
# Shorter words still mean one that is one slip away and stands with its neighbour in a phrase.
SHORTEST_BESIDE = 3
MOST_WORDS = 64

# Shorter words, and words outside the vocabulary that are used less, are no guesses: most are
# abbreviations and other people's mistakes.
_SHORTEST_GUESS = 3
_FEWEST_USES = 3
_SHORTEST_PAIR = 6
_GUESSES_KEPT = 10_000

# How much an edit counts: in letters, in sounds, and in sounds with all vowels alike.
_LETTER = 0.5
_SOUND = 0.7
_CONSONANT = 0.7
_OTHER_START = 0.8
# How much nearer each tenfold use brings a guess, in listings and in phrases of the vocabulary;
# being a word of the vocabulary; and standing beside a neighbour that it has in a phrase.
_TENFOLD_USE = 0.3
_TENFOLD_PHRASES = 0.1
_PREFERRED = 0.6
_BESIDE = 1.2
# How much farther a guess is in the other language than that of the text.
_FOREIGN = 0.6

# For words of at least so many letters: how many edits to look at, and how much a guess may cost.
# In a short word one change already makes another word.
_REACH = (
    (12, 3, 4.5),
    (10, 2, 4.0),
    (8, 2, 3.2),
    (7, 2, 1.95),
    (6, 2, 1.8),
    (5, 1, 1.3),
    (SHORTEST_WORD, 1, 1.15),
)
# A guess outside the vocabulary must be nearer. Slips of the hand may cost more, and so may what
# stands beside its neighbour in a phrase.
# Short words of hardly any phrase are strangers, too, unless they sound the same.
_SHORTEST_STRANGER = 6
_STRANGER = 1.0
_FEWEST_PHRASES = 3
_SHORTEST_HEARD = 5
_SHORTEST_RARE = 7
_SLIP = 0.8
_REACH_BESIDE = 0.6

# Another form of a known word has at least so many of its letters. From so many letters on, what
# sounds alike is meant all the same.
_SHORTEST_BASE = 4
_SHORTEST_ALIKE = 8
_SHORTEST_ROOT = 3
_PLURALS = ("s", "es")
_LAST_VOWELS = frozenset(("a", "e", "o"))
_VERB_ENDINGS = ("ando", "iendo", "aron", "ieron", "aba", "aban", "ado", "ido")
_SPANISH_ENDINGS = (
    *("ar", "er", "ir", "ando", "iendo", "an", "en", "aron", "ieron", "aba", "aban", "ado", "ada"),
    *("ido", "ida", "ados", "adas", "idos", "idas", "amos", "emos", "imos", "arme", "erme", "irme"),
    *("arse", "erse", "irse", "arlo", "arla", "arle", "io", "ia", "ian", "o", "a", "os", "as"),
)
_ENDINGS = ("ed", "er", "ers", "ing", "ings", "ly")

_NONE: frozenset[str] = frozenset()
_TOKEN = re.compile(r"[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a word: its neighbours in the text, stop words left out, and the language.

    `spanish` tells whether the other words are Spanish, None when there are none that tell.
    `is_name` tells that the word is written like a name, `is_place` that a place is called so.
    """

    before: str = ""
    after: str = ""
    spanish: bool | None = None
    is_name: bool = False
    is_place: bool = False


_ALONE = Context()

Tells = Callable[[str], bool]
Finds = Callable[[str, str, str], bool]


def _tells_nothing(word: str) -> bool:
    return False


def any_finds(before: str, word: str, after: str) -> bool:
    """Tell that any guess finds something."""
    return True


class Speller:
    """Knows the words of an index, and guesses what a word means that it does not know.

    `words` are folded and sorted, `counts` say how often each is used. `preferred` are words and
    phrases of the vocabulary: their words are known, too, and believed sooner; neighbours among
    them are recognised when typed as one. Those in `spanish` are of that language alone.
    `finds(before, guess, after)` tells whether a guess finds anything where it stands: what does
    not is none. `english` are right words of English. All that is costly is made when first needed.
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: NDArray[np.int64] | Sequence[int],
        preferred: Collection[str] = (),
        spanish: Collection[str] = (),
        finds: Finds = any_finds,
        english: Container[str] | None = None,
    ) -> None:
        self._words = words
        self._counts = counts
        self._preferred = preferred
        self._stands: Callable[[str], bool] = bool
        self._spanish = spanish
        self._finds = finds
        self._is_english = (english_words() if english is None else english).__contains__
        self._remembered = lru_cache(_GUESSES_KEPT)(self._near_guess)
        self._near = lru_cache(_GUESSES_KEPT)(self._near_words)

    def among(self, stands: Callable[[str], bool]) -> Self:
        """Return a speller that knows and guesses only those words of the index that stand.

        What is costly to make is shared.
        """
        other = copy(self)
        other._stands = lru_cache(_GUESSES_KEPT)(stands)
        other._remembered = lru_cache(_GUESSES_KEPT)(other._near_guess)
        return other

    def that_finds(self, finds: Finds) -> Self:
        """Return a speller whose guesses find something, and which remembers with this one."""
        other = copy(self)
        other._finds = finds
        return other

    def known(self, word: str) -> bool:
        """Tell whether a folded word is one of the index, the vocabulary or everyday language."""
        return is_everyday(word) or self._may_be_meant(word)

    def _may_be_meant(self, word: str) -> bool:
        """Tell whether a word is one of the vocabulary, or stands in the index."""
        return word in self._vocabulary.words or (self._uses(word) > 0 and self._stands(word))

    def correct(self, word: str, context: Context = _ALONE) -> str | None:
        """Return what a folded word probably means, one known word or two; None if it may stay."""
        if not (SHORTEST_BESIDE <= len(word) <= LONGEST_WORD and word.isalpha()):
            return None
        if self.known(word) or is_name(word):
            return None
        guess = self._remembered(word, context)
        return guess if guess and self._finds(context.before, guess, context.after) else None

    def correct_text(self, text: str, known: Tells, is_place: Tells = _tells_nothing) -> str | None:
        """Return a text with its mistyped words replaced and all else as typed; None if all stay.

        `known` tells of more folded words that stay, `is_place` of those in names of places. Words
        after the 64th stay, too.
        """
        parts: list[str] = []
        end = 0
        for start, stop, meant in self._replaced(text, known, is_place):
            parts += text[end:start], _in_case_of(text[start:stop], meant)
            end = stop
        return "".join((*parts, text[end:])) if parts else None

    def _replaced(self, text: str, known: Tells, is_place: Tells) -> Iterator[tuple[int, int, str]]:
        """Yield where something else is meant than what is written, and what."""
        tokens = [
            (found.start(), found.end(), "".join(words(found.group())))
            for found in islice(_TOKEN.finditer(text), MOST_WORDS)
        ]
        contexts = self._contexts(text, tokens)
        done = 0
        for (start, stop, word), (after, last, more) in pairwise((*tokens, (len(text), 0, ""))):
            if start < done:
                continue
            if text[stop:after].isspace() and self._is_torn(word, more, known):
                done = last
                yield start, last, word + more
            elif not known(word):
                context = replace(contexts.get(word, _ALONE), is_place=is_place(word))
                if meant := self.correct(word, context):
                    yield start, stop, meant

    def _contexts(self, text: str, tokens: Sequence[tuple[int, int, str]]) -> Mapping[str, Context]:
        """Return what stands around each word that is no stop word, the last time it stands."""
        telling = [token for token in tokens if token[2] not in STOP_WORDS]
        run = ["", *(word for _, _, word in telling), ""]
        languages = {word: self._is_spanish(word) for _, _, word in tokens}
        whole = is_spanish([word for _, _, word in tokens])
        small = any(text[start:stop].islower() for start, stop, word in telling)
        found = {}
        for place, (start, stop, word) in enumerate(telling):
            others = {language for other, language in languages.items() if other != word}
            found[word] = Context(
                run[place],
                run[place + 2],
                True if whole else _language(others),
                small and start > 0 and text[start:stop].istitle(),
            )
        return found

    def _is_torn(self, word: str, more: str, known: Tells) -> bool:
        """Tell whether two words are one of the vocabulary with a gap in it."""
        joined = word + more
        if len(joined) < _SHORTEST_PAIR or joined not in self._vocabulary.words:
            return False
        parts = (word, more)
        if all(self.known(part) or known(part) or self._is_english(part) for part in parts):
            return False
        return self._finds("", joined, "")

    def _near_guess(self, word: str, context: Context) -> str | None:
        """Return the likeliest of what is near a word."""
        apart = None if self._is_english(word) else self._apart(word)
        if apart and STOP_WORDS.isdisjoint(apart.split()):
            return apart
        beside = self._vocabulary.beside(context.before, context.after)
        near = [found for found in self._near(word) if self._is_likely(word, found, context)]
        if self._is_spanish_form(word):
            return None
        likely = sorted(near, key=lambda found: (self._cost(found, beside, context), found.word))
        best = next((found for found in likely if self._may_be_meant(found.word)), None)
        if best is None:
            return apart
        return None if self._is_other_form(word, near, best) else best.word

    def _is_likely(self, word: str, near: NearWord, context: Context) -> bool:
        """Tell whether a word may be meant at all where another is written."""
        is_beside = near.word in self._vocabulary.beside(context.before, context.after)
        is_right = context.is_place or self._is_english(word)
        if is_right and not (is_beside and near.letters == 1 and near.same_start):
            return False
        if context.spanish is False and self._is_spanish(near.word):
            return False
        if context.is_name and not (is_beside or self._is_plain(near)):
            return False
        return self._is_in_reach(word, near, is_beside)

    def _is_plain(self, near: NearWord) -> bool:
        """Tell whether a word of need is so near that even a name is a slip for it."""
        phrases = self._vocabulary.words.get(near.word, 0)
        return phrases >= _FEWEST_PHRASES and (near.slip or not near.sounds)

    def _is_spanish(self, word: str) -> bool | None:
        """Tell whether a word is Spanish alone, or English; None when that is not known."""
        if self._is_english(word):
            return False
        if word in self._spanish or word in ONLY_SPANISH or word in EVERYDAY_SPANISH:
            return True
        return False if word in self._vocabulary.words or is_everyday(word) else None

    def _apart(self, word: str) -> str | None:
        """Return neighbours of the vocabulary that a word is when the gap is missing."""
        for joined in (word, word.removesuffix("s"), f"{word}s"):
            if joined in self._vocabulary.pairs and not self.known(joined):
                return self._vocabulary.pairs[joined]
        return None

    def _near_words(self, word: str) -> list[NearWord]:
        _, edits, _ = _reach(word)
        return self._guesses.of(word, edits)

    def _is_in_reach(self, word: str, near: NearWord, is_beside: bool) -> bool:
        if len(word) < SHORTEST_WORD:
            return is_beside and near.letters == 1 and near.same_start
        _, _, most = _reach(word)
        if is_beside:
            most += _REACH_BESIDE
        phrases = self._vocabulary.words.get(near.word, 0)
        heard = not near.sounds and len(word) >= _SHORTEST_HEARD
        rare = phrases < _FEWEST_PHRASES and not heard and not is_beside
        if rare and len(word) < _SHORTEST_STRANGER:
            return False
        if not phrases or (rare and not near.slip and len(word) < _SHORTEST_RARE):
            most -= _STRANGER
        elif near.slip:
            most += _SLIP
        return _distance(near) <= most

    def _cost(self, near: NearWord, beside: Collection[str], context: Context) -> float:
        """Return how unlikely a guess is: its distance, less what speaks for it."""
        phrases = self._vocabulary.words.get(near.word, 0)
        spanish = self._is_spanish(near.word)
        return (
            _distance(near)
            + (0.0 if spanish in (None, bool(context.spanish)) else _FOREIGN)
            - (_PREFERRED if phrases else 0.0)
            - (_BESIDE if near.word in beside else 0.0)
            - _TENFOLD_PHRASES * log10(1 + phrases)
            - _TENFOLD_USE * log10(1 + self._uses(near.word))
        )

    def _is_spanish_form(self, word: str) -> bool:
        """Tell whether a word is a known Spanish one in another person, tense or gender."""
        return root(word) in self._vocabulary.roots and (
            word.endswith(_VERB_ENDINGS)
            or (len(root(word)) >= _SHORTEST_BASE and word.endswith(_SPANISH_ENDINGS))
        )

    def _is_other_form(self, word: str, near: Sequence[NearWord], best: NearWord) -> bool:
        """Tell whether a word is a known one with another ending ("shelters", "respeta").

        "Counciling" is not, though there is "council": so long a word sounds like "counseling".
        """
        own = stem(word)
        if stem(best.word) == own or self._ends_known_word(word, _PLURALS):
            return True
        if word[:-1] == best.word[:-1] and {word[-1], best.word[-1]} <= _LAST_VOWELS:
            return True
        alike = best.sounds <= 1 and not best.consonants and best.word in self._vocabulary.words
        if alike and len(word) >= _SHORTEST_ALIKE:
            return False
        return self._ends_known_word(word, _ENDINGS) or any(
            stem(found.word) == own for found in near
        )

    def _ends_known_word(self, word: str, endings: Sequence[str]) -> bool:
        forms = bases(word, tuple(endings))
        return any(len(form) >= _SHORTEST_BASE and self.known(form) for form in forms)

    def _uses(self, word: str) -> int:
        place = bisect_left(self._words, word)
        found = place < len(self._words) and self._words[place] == word
        return int(self._counts[place]) if found else 0

    @cached_property
    def _vocabulary(self) -> "_Vocabulary":
        return _vocabulary(tuple(self._preferred))

    @cached_property
    def _guesses(self) -> NearWords:
        places = np.flatnonzero(np.asarray(self._counts) >= _FEWEST_USES)
        used = (self._words[place] for place in places.tolist())
        return NearWords(
            sorted(
                word
                for word in {*self._vocabulary.words, *used}
                if _SHORTEST_GUESS <= len(word) <= LONGEST_WORD and word.isalpha()
            )
        )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of phrases, and in how many each stands, in any form.

    `pairs` are neighbours by what they are when typed as one; `followers` and `leaders` of a word
    are those that stand after and before it, stop words left out; `roots` are of Spanish words.
    """

    words: Mapping[str, int]
    pairs: Mapping[str, str]
    followers: Mapping[str, frozenset[str]]
    leaders: Mapping[str, frozenset[str]]
    roots: frozenset[str]

    def beside(self, before: str, after: str) -> frozenset[str]:
        """Return the words that stand in some phrase after the one word or before the other."""
        return self.followers.get(before, _NONE) | self.leaders.get(after, _NONE)


@lru_cache(maxsize=2)
def _vocabulary(phrases: tuple[str, ...]) -> _Vocabulary:
    split = sorted({tuple(words(phrase)) for phrase in phrases})
    pairs = {
        first + second: f"{first} {second}"
        for phrase in split
        for first, second in pairwise(phrase)
        if len(first) > 1 and len(second) > 1 and len(first + second) >= _SHORTEST_PAIR
    }
    followers: defaultdict[str, set[str]] = defaultdict(set)
    leaders: defaultdict[str, set[str]] = defaultdict(set)
    for phrase in split:
        for first, second in pairwise(word for word in phrase if word not in STOP_WORDS):
            followers[first].add(second)
            leaders[second].add(first)
    stems = Counter(stem(word) for phrase in split for word in phrase)
    counts = {word: stems[stem(word)] for phrase in split for word in phrase}
    return _Vocabulary(
        counts,
        pairs,
        {word: frozenset(found) for word, found in followers.items()},
        {word: frozenset(found) for word, found in leaders.items()},
        frozenset(_roots_of_several(counts)),
    )


def _roots_of_several(known: Iterable[str]) -> Iterator[str]:
    """Yield the roots that several words with Spanish endings have: few English words do."""
    counts = Counter(root(word) for word in known if word.endswith(_SPANISH_ENDINGS))
    return (found for found, count in counts.items() if count > 1 and len(found) >= _SHORTEST_ROOT)


def _language(others: Collection[bool | None]) -> bool | None:
    """Return the language of a text in which there are words of these languages."""
    if True in others:
        return None if False in others else True
    return False if False in others else None


def _reach(word: str) -> tuple[int, int, float]:
    return next((reach for reach in _REACH if len(word) >= reach[0]), _REACH[-1])


def _distance(near: NearWord) -> float:
    return (
        _LETTER * near.letters
        + _SOUND * near.sounds
        + _CONSONANT * near.consonants
        + _OTHER_START * (not near.same_start)
    )


def _in_case_of(typed: str, word: str) -> str:
    """Return a word with capitals where the typed one has them."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word.capitalize() if typed[:1].isupper() else word
