"""What a person means by the words typed, and what a listing says that it is about.

Words are plain text, never a query language, with two habits people have from elsewhere:
"words in quotes" must stand together, and -word leaves out what has that word.

Needs, people, glossary and places come from outside (`Vocabulary`, `Gazetteer`). A run of words
that is a known way to name a need (the longest run wins) is understood as that need; a listing
is about a need when it says one of its phrases, and the more so the plainer it says it. Words of
the glossary are searched together with what listings write for them. Kinds of people, and a
place, never exclude anything: what is for them, or there, comes first.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, chain
from typing import NamedTuple

from search_index.analysis import FILLERS, SPANISH, STOP_WORDS, fold, stem, word_list, words
from search_index.compounds import Compounds
from search_index.documents import NamedPlace, PlaceKind, Vocabulary
from search_index.everyday_words import EVERYDAY_WORDS
from search_index.gazetteer import EMPTY, Gazetteer, Point, name_words
from search_index.lexicon import Lexicon, Stems, key_of, longest, part_of
from search_index.place_text import PlaceText, as_written
from search_index.place_words import find_place
from search_index.spanish import SpanishPhrases

# Only so many different words count, the first ones; beyond so many characters nothing is read.
MOST_WORDS = 64
MOST_CHARACTERS = 10_000
_TEXTS_KEPT = 2_048

_PART = re.compile(r"""((?<!\S)-)?(?:"([^"]*)"|([^\s"]+))""")
_QUOTES = str.maketrans("“”„«»", '"""""')

# How plainly a listing says a phrase where it stands; the second time it says half as much.
_SAID_IN = {"name": 3.0, "terms": 3.0, "organization": 1.0, "description": 1.0, "eligibility": 0.3}
_SAID_BY_LENGTH = (0.0, 0.6, 1.0)
_LONG = len(_SAID_BY_LENGTH)
_SAID_LONG = 1.2
# A need that its agency states counts like one said in the name and in the terms.
STATED = 4.0
_BROADER = 0.7
_MOST_SAID = 15.9
SAID_STEPS = 16

Word = tuple[str, ...]

# Stands for a word that has found its meaning.
_TAKEN = " "

# Words by which people ask, not what they ask for: they never find anything by themselves.
_ASKING = frozenset(
    map(
        stem,
        word_list(
            "help need needs want get getting find finding looking look assistance service services"
            " program programs please near place places go going people person anyone someone"
            " ayuda ayudar necesito necesita quiero busco buscar servicio servicios programa"
            " programas donde hay lugar gente persona personas tengo"
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something asked for. Each word is given by its stems, one for each language.

    `codes` are the needs that the words name, `related` the groups of needs around them.
    `instead` are other words for the same, as stems, and `loosely` the words of a phrase with
    others for some of them. `of_place` tells that the words name the place of the search, and
    perhaps an organization: they rank who is found, and find nobody.
    """

    words: tuple[Word, ...]
    codes: tuple[str, ...] = ()
    instead: tuple[Stems, ...] = ()
    related: tuple[str, ...] = ()
    loosely: Stems = ()
    of_place: bool = False

    @property
    def asking(self) -> bool:
        """Whether there are but words by which people ask."""
        return not self.codes and all(map(is_asking, self.words))


@dataclass(frozen=True, slots=True)
class Where:
    """A place named in the words, the words that name it, and how listings would write them.

    `sure` tells that the words leave no doubt that a place is meant.
    """

    place: NamedPlace
    words: str
    names: tuple[Stems, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood: what is asked for, for whom, where, phrases to have and to leave out.

    `plain` are the folded words of which nothing was understood.
    """

    units: tuple[Unit, ...] = ()
    people: tuple[str, ...] = ()
    required: tuple[Stems, ...] = ()
    excluded: tuple[Stems, ...] = ()
    plain: tuple[str, ...] = ()
    where: Where | None = None

    @property
    def concepts(self) -> tuple[str, ...]:
        """The codes of all needs understood, in the order of the words, each once."""
        return tuple(dict.fromkeys(code for unit in self.units for code in unit.codes))

    @property
    def is_place_alone(self) -> bool:
        """Whether nothing is asked for but what is near a place."""
        return self.where is not None and not (self.units or self.required or self.excluded)


class Understanding:
    """Finds needs, people and other words for the same in texts."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        gazetteer: Gazetteer = EMPTY,
        english: Container[str] | None = None,
    ) -> None:
        """`english` are right words of English; without them they are read when first needed."""
        self._gazetteer = gazetteer
        self.english = english
        self.concepts = vocabulary.concepts
        # Listings are indexed by what they say of needs and people: other words, other index.
        words = repr((vocabulary, sorted(EVERYDAY_WORDS)))
        self.digest = blake2b(words.encode(), digest_size=4).hexdigest()
        self.phrases = _phrases_of(vocabulary)
        self.spanish_words = _spanish_words(vocabulary)
        compounds = Compounds(self.phrases)
        self._needs = Lexicon(
            (
                (way, concept.code)
                for concept in vocabulary.concepts
                for phrase in (concept.label, *concept.phrases)
                for way in (phrase, *compounds.other_ways(phrase))
            ),
            vocabulary.english_alike,
        )
        self._of_pronouns = {
            self._needs.usual(list(map(part_of, said))): concept.code
            for concept in vocabulary.concepts
            for phrase in concept.phrases
            if len(said := word_list(phrase)) > 1 and len(key_of(phrase)) == 1
        }
        self._ancestors = {concept.code: concept.ancestors for concept in vocabulary.concepts}
        self._people = Lexicon(
            (phrase, group.code) for group in vocabulary.populations for phrase in group.phrases
        )
        self._troubled = {group.code for group in vocabulary.populations if group.trouble}
        self._signs = Lexicon(
            (sign, group.code) for group in vocabulary.populations for sign in group.signs
        )
        self._spanish = SpanishPhrases(
            (
                (phrase, concept.code)
                for concept in vocabulary.concepts
                for phrase in concept.spanish
            ),
            vocabulary.alike,
        )
        self._glossary = Lexicon(
            (entry.said, key_of(meant)) for entry in vocabulary.equivalents for meant in entry.meant
        )
        self._any_order: dict[Stems, dict[str, None]] = {}
        for key, codes in self._needs.items():
            self._any_order.setdefault(_unordered(key), {}).update(dict.fromkeys(codes))
        self.meaning = lru_cache(_TEXTS_KEPT)(self._meaning)

    def _meaning(self, text: str, near: Point | None = None, with_place: bool = True) -> Meaning:
        """Return what the words mean; any text will do.

        `near` is where the person is, for names that many places have. Without `with_place`
        the words name no place.
        """
        runs, required, excluded = _parts(text)
        units: dict[Unit, None] = {}
        people: dict[str, None] = {}
        plain: list[str] = []
        aside: list[Unit] = []
        of_place: tuple[Word, ...] = ()
        where = None
        for run in runs:
            if with_place and where is None:
                run, where, of_place = self._where(run, near)
            found = self._units([word for word, _ in run])
            units |= dict.fromkeys(found.units)
            people |= dict.fromkeys(found.people)
            plain += found.plain
            aside += found.aside
        if not any(unit.codes or not unit.asking for unit in units) and not required:
            # Who asks for people alone asks for what is for them, or else for all that is there.
            units = dict.fromkeys(aside or (() if where else units))
        units |= {Unit((word,), of_place=True): None for word in of_place if units}
        return Meaning(
            tuple(units), tuple(people), tuple(dict.fromkeys(required)),
            tuple(dict.fromkeys(excluded)), tuple(plain), where,
        )  # fmt: skip

    def _where(
        self, run: list[tuple[str, str]], near: Point | None
    ) -> tuple[list[tuple[str, str]], Where | None, tuple[Word, ...]]:
        """Return a run without the words that name a place, the place, and the words.

        The words only where they may be part of the name of an organization.
        """
        if not len(self._gazetteer.key) or not run:
            return run, None, ()
        telling = [place for place, (word, _) in enumerate(run) if word not in FILLERS]
        spans = self._needs.spans([part_of(run[place][0]) for place in telling])
        known = {telling[place] for start, end in spans for place in range(start, end)}
        known |= {place for place in telling if stem(run[place][0]) in _ASKING}
        found = find_place(
            [word for word, _ in run],
            self._gazetteer,
            written=[written for _, written in run],
            near=near,
            taken=lambda start, end: not known.isdisjoint(range(start, end)),
        )
        if found is None:
            return run, None, ()
        named = run[found.start : found.end]
        written = " ".join(written for _, written in named)
        where = Where(found.place, written, _names(found.place), found.sure)
        of_place = _words(word for word, _ in named) if found.leading else ()
        return run[: found.start] + run[found.end :], where, of_place

    def is_of_place(self, word: str) -> bool:
        """Tell whether a folded word stands in the name of any place."""
        return self._gazetteer.has_word(word)

    def words_of_places(self, text: str) -> set[str]:
        """Return the words of a text that together are the name of a place, wherever it is."""
        run = list(words(text))
        names = PlaceText(run, self._gazetteer, (), None, lambda start, end: False).names
        together = (run[name.start : name.end] for name in names if name.end > name.start + 1)
        return set(chain.from_iterable(together))

    def _units(self, typed: Sequence[str]) -> "_Units":
        """Return what a run of words asks for, and the people it names."""
        run = [word for word in typed if word not in FILLERS]
        stems = [part_of(word) for word in run]
        spanish = {**self._with_pronouns(typed), **self._in_spanish(typed)}
        spans = [*self._needs.spans(stems), *self._glossary.spans(stems), *spanish]
        named = {
            span: self._named(run[slice(*span)], tuple(stems[slice(*span)]), spanish.get(span))
            for span in longest(spans, stems)
        }
        who = {span for span in named if self._only_people(tuple(stems[slice(*span)]))}
        if any(self._is_narrow(unit) for span, unit in named.items() if span not in who):
            # "For veterans" says whom the thing asked for is for, and asks for nothing more.
            named = {span: unit for span, unit in named.items() if span not in who}
        taken = {place for span in named for place in range(*span)}
        units = [(start, unit) for (start, _), unit in named.items()]
        people: list[str] = []
        aside = []
        for start, end in self._people.spans(stems):
            people += self._people.get(tuple(stems[start:end]))
            if taken.isdisjoint(range(start, end)):
                taken |= set(range(start, end))
                aside.append(self._named(run[start:end], tuple(stems[start:end])))
        rest = [
            (place, word)
            for place, word in enumerate(run)
            if place not in taken and word not in STOP_WORDS
        ]
        if not any(unit.codes for unit in named.values()):
            units += self._apart(rest)
        units += [(place, Unit(_words([word]))) for place, word in rest]
        found = [unit for _, unit in sorted(units, key=lambda pair: pair[0])]
        return _Units(self._joined(found), people, [word for _, word in rest], aside)

    def _apart(self, rest: Sequence[tuple[int, str]]) -> Iterator[tuple[int, Unit]]:
        """Yield needs of two words that stand apart, or in another order: "shut my water off"."""
        used: set[int] = set()
        telling = [pair for pair in rest if stem(pair[1]) not in _ASKING]
        for gap in (1, 2):
            for (first, one), (second, other) in zip(telling, telling[gap:], strict=False):
                codes = self._in_any_order((part_of(one), part_of(other)))
                if codes and stem(one) != stem(other) and used.isdisjoint((first, second)):
                    used |= {first, second}
                    yield first, self._unit(_words((one, other)), tuple(codes))

    def _in_any_order(self, key: Stems) -> Iterable[str]:
        """Return the needs that words name in whatever order."""
        exact = self._any_order.get(_unordered(key))
        return exact or self._any_order.get(_unordered(self._needs.usual(key)), {})

    def _is_narrow(self, unit: Unit) -> bool:
        """Tell whether a unit names a need, and not but a whole domain."""
        return any(self._ancestors.get(code) for code in unit.codes)

    def _only_people(self, stems: Stems) -> bool:
        """Tell whether a phrase names people by something else than what troubles them."""
        kinds = self._people.get(stems)
        return bool(kinds) and self._troubled.isdisjoint(kinds)

    def _with_pronouns(self, typed: Sequence[str]) -> dict[tuple[int, int], str]:
        """Return where phrases stand that are nothing without their fillers: "he hits me"."""
        parts = self._needs.usual(list(map(part_of, typed)))
        before = list(accumulate((word not in FILLERS for word in typed), initial=0))
        return {
            (before[start], before[start + length]): code
            for length in (2, 3)
            for start in range(len(parts) - length + 1)
            if (code := self._of_pronouns.get(parts[start : start + length]))
        }

    def _in_spanish(self, typed: Sequence[str]) -> dict[tuple[int, int], str]:
        """Return where Spanish phrases stand in words without their fillers, with their needs."""
        found = self._spanish.found(typed)
        if not found:
            return found
        before = list(accumulate((word not in FILLERS for word in typed), initial=0))
        return {(before[start], before[end]): code for (start, end), code in found.items()}

    def _named(self, run: Sequence[str], stems: Stems, spanish: str | None = None) -> Unit:
        """Return what a phrase asks for: the need it names, and what the glossary says of it.

        `spanish` is the need that it names when its words may have other forms.
        """
        instead = tuple(self._glossary.get(stems))
        codes = self._needs.get(stems) or ((spanish,) if spanish else ())
        loosely = self._word_by_word(stems) if codes and not instead else ()
        if not codes:
            named = (code for other in instead for code in self._needs.get(other))
            codes = tuple(dict.fromkeys(named))
        return replace(self._unit(_words(run), codes, instead), loosely=loosely)

    def _word_by_word(self, stems: Stems) -> Stems:
        """Return a phrase with, for each word that the glossary knows, the first it has for it.

        Who has the words of a need, in whatever language, answers as far as it has them.
        """
        meant = [next(iter(self._glossary.get((part,))), (part,)) for part in stems]
        said = tuple(dict.fromkeys(chain.from_iterable(meant)))
        return () if set(said) <= set(stems) else said

    def _unit(
        self, words: tuple[Word, ...], codes: tuple[str, ...], instead: tuple[Stems, ...] = ()
    ) -> Unit:
        """Return a unit with the groups around its needs: not a whole domain, which is too much."""
        above = [self._ancestors.get(code, ()) for code in codes]
        related = dict.fromkeys(groups[0] for groups in above if len(groups) > 1)
        return Unit(words, codes, instead, tuple(code for code in related if code not in codes))

    def _joined(self, units: list[Unit]) -> list[Unit]:
        """Join units that together name a need in another order, or in another language."""
        if len(units) < 2 or any(unit.codes and not unit.instead for unit in units):
            return units
        telling = [unit for unit in units if not unit.asking]
        if len(telling) == 1 and telling[0].codes:
            return units
        for key in _readings(units):
            codes = self._in_any_order(key)
            if codes:
                together = sum((unit.words for unit in units), ())
                return [self._unit(together, tuple(codes), (key,))]
        return units

    def places(self, typed: str, limit: int, near: Point | None) -> list[str]:
        """Return the labels of places that begin as typed, the likeliest first."""
        found = self._gazetteer.completing(typed.partition(",")[0], limit, near)
        begun = fold(" ".join(typed.split())) if "," in typed else ""
        return [place.label for place in found if fold(place.label).startswith(begun)]

    def about(
        self, texts: Mapping[str, Sequence[str]], stated: Iterable[str]
    ) -> tuple[tuple[str, int], ...]:
        """Return the needs of a listing, broader ones too, with how plainly it says them.

        `texts` are the parts (`lexicon.parts_of`) of its texts by field, `stated` the needs that
        its agency states. The strength is in steps of a sixteenth, 1 to 254.
        """
        said = dict.fromkeys(stated, STATED)
        for field, worth in _SAID_IN.items():
            found = self._needs.found(texts[field])
            for key, times in Counter(found).items():
                value = _SAID_BY_LENGTH[len(key)] if len(key) < _LONG else _SAID_LONG
                for code in self._needs.get(key):
                    said[code] = said.get(code, 0.0) + worth * value * (1 - 0.5**times)
        for code, value in list(said.items()):
            for above in self._ancestors.get(code, ()):
                said[above] = max(said.get(above, 0.0), value * _BROADER)
        return tuple(
            (code, max(1, round(min(value, _MOST_SAID) * SAID_STEPS)))
            for code, value in sorted(said.items())
        )

    def meant_for(self, texts: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Return the kinds of people a listing says that it is for, from the parts of its texts."""
        keys = {key for field in _SAID_IN for key in self._signs.found(texts[field])}
        return tuple(sorted({code for key in keys for code in self._signs.get(key)}))


class _Units(NamedTuple):
    """What a run of words asks for, whom it names, and words of either kind besides."""

    units: list[Unit]
    people: list[str]
    plain: list[str]
    aside: list[Unit]


def _names(place: NamedPlace) -> tuple[Stems, ...]:
    """Return how listings name a place, as stems: a state also by its code."""
    names = [_content(name_words(list(words(place.name)))), _content(words(place.name))]
    if place.kind is PlaceKind.STATE and place.state:
        names.append((stem(place.state.lower()),))
    return tuple(dict.fromkeys(name for name in names if name))


def _phrases_of(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return every phrase of a vocabulary, for guessing what a mistyped word means."""
    return (
        *(
            phrase
            for concept in vocabulary.concepts
            for phrase in (concept.label, *concept.phrases)
        ),
        *(phrase for group in vocabulary.populations for phrase in (*group.phrases, *group.signs)),
        *(entry.said for entry in vocabulary.equivalents),
    )


def _spanish_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the folded words of a vocabulary that stand in Spanish phrases more than in others."""
    known = {phrase for concept in vocabulary.concepts for phrase in concept.spanish}
    known.update(entry.said for entry in vocabulary.equivalents if entry.spanish)
    spanish = Counter(chain.from_iterable(map(word_list, known)))
    others = Counter(chain.from_iterable(map(word_list, {*_phrases_of(vocabulary)} - known)))
    return frozenset(word for word, times in spanish.items() if times > others[word])


def _readings(units: list[Unit]) -> Iterator[Stems]:
    """Yield ways to say all units together: each with its first other words, else its own."""
    own = [tuple(word[0] for word in unit.words) for unit in units]
    yield sum(own, ())
    most = max(len(unit.instead) for unit in units)
    for number in range(min(most, 3)):
        parts = [
            unit.instead[min(number, len(unit.instead) - 1)] if unit.instead else plain
            for unit, plain in zip(units, own, strict=True)
        ]
        yield sum(parts, ())


def _unordered(key: Stems) -> Stems:
    return tuple(sorted({part for part in key if part not in STOP_WORDS}))


def _words(run: Iterable[str]) -> tuple[Word, ...]:
    """Return the stems of the words that are not stop words, each in both languages."""
    kept = dict.fromkeys(word for word in run if word not in STOP_WORDS)
    return tuple((stem(word), stem(SPANISH + word)) for word in kept)


def is_asking(word: Word) -> bool:
    """Tell whether a word is one by which people ask, and not what they ask for."""
    return word[0] in _ASKING


def _parts(text: str) -> tuple[list[list[tuple[str, str]]], list[Stems], list[Stems]]:
    """Split text into runs of plain words (folded, as typed), phrases to have, and to leave out."""
    runs: list[list[tuple[str, str]]] = [[]]
    required: list[Stems] = []
    excluded: list[Stems] = []
    seen: set[str] = set()
    for part in _PART.finditer(text[:MOST_CHARACTERS].translate(_QUOTES)):
        minus, quoted, plain = part.groups()
        found = list(_first_words(plain if quoted is None else quoted, seen))
        if minus or quoted is not None:
            (excluded if minus else required).append(_content(found))
            runs.append([])
        else:
            # The last words may be too many, and left out.
            runs[-1] += zip(found, as_written(plain), strict=False)
        if len(seen) > MOST_WORDS:
            break
    return runs, [phrase for phrase in required if phrase], [no for no in excluded if no]


def _first_words(text: str, seen: set[str]) -> Iterator[str]:
    """Yield the words of a text, and note them as seen, until too many have been seen."""
    for word in words(text):
        seen.add(word)
        if len(seen) > MOST_WORDS:
            return
        yield word


def _content(run: Iterable[str]) -> Stems:
    """Return the stems of words that are not stop words."""
    return tuple(stem(word) for word in run if word not in STOP_WORDS)
