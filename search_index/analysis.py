"""From text to the word stems that are indexed and searched: one way for both sides."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from whoosh.lang.porter import stem as porter_stem
from whoosh.lang.snowball.spanish import SpanishStemmer
from whoosh.lang.stopwords import stoplists

LONGEST_WORD = 64

# Plurals that the stemmer does not know, as it leaves them, of people one often asks for.
_IRREGULAR = {"children": "child", "women": "woman", "men": "man", "teeth": "tooth"}

# Words that the stemmer would take for another: "medical assistance" is no medical assistant.
_APART = {
    "assistant": "assistant", "assistants": "assistant", "assistive": "assistive",
    "commode": "commode", "commodes": "commode", "electrical": "electrical",
    "communication": "communication", "communications": "communication",
    "hospitality": "hospitality",
    "immigrant": "immigrant", "immigrants": "immigrant",
    "international": "international",
    "medication": "medicin", "medications": "medicin",
    "naturalization": "naturaliz", "naturalize": "naturaliz", "naturalized": "naturaliz",
    "organization": "organiz", "organizations": "organiz", "organizing": "organiz",
    "probation": "probation",
    "transition": "transition", "transitional": "transition", "transitioning": "transition",
    "universities": "university", "university": "university",
    "weatherization": "weatheriz", "weatherize": "weatheriz",
}  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


def fold(text: str) -> str:
    """Return the text without capitals, accents and apostrophes."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    parts = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


_ENGLISH, _SPANISH = (frozenset(map(fold, stoplists[language])) for language in ("en", "es"))
STOP_WORDS = _ENGLISH | _SPANISH

# Stands before the words of Spanish texts; no word of a person begins with it.
SPANISH = "~"
ONLY_SPANISH = _SPANISH - _ENGLISH
_ONLY_ENGLISH = _ENGLISH - _SPANISH
_FEWEST_SPANISH = 2
_SPANISH_STEMMER = SpanishStemmer()

# Words that change nothing in what a person asks for: "help with my rent" is "help with rent".
# Prepositions stay, since they carry the sense of "out of work" and "sin hogar".
_ENGLISH_FILLERS = "a an the some my our your his her their me us i we you he she they this that"
_SPANISH_FILLERS = (
    "el la los las un una unos unas mi mis su sus tu tus nuestro nuestra nuestros nuestras "
    "me nos yo este esta"
)
FILLERS = frozenset(f"{_ENGLISH_FILLERS} {_SPANISH_FILLERS}".split())


def word_list(text: str) -> list[str]:
    """Return the folded words of a text in order; what is longer than a word is left out."""
    folded = fold(text)
    found = (_ASCII_WORD if folded.isascii() else _WORD).findall(folded)
    if len(folded) > LONGEST_WORD:
        return [word for word in found if len(word) <= LONGEST_WORD]
    return found


def words(text: str) -> Iterator[str]:
    """Yield the folded words of a text in order."""
    return iter(word_list(text))


def tokens(found: list[str]) -> list[str]:
    """Return which of the folded words of a text are indexed: stop words are left out.

    The words of a Spanish text carry a mark, so that each language keeps its own stems.
    """
    kept = [word for word in found if word not in STOP_WORDS]
    if len(kept) < len(found) and is_spanish(found):
        return [SPANISH + word for word in kept]
    return kept


def is_spanish(found: list[str]) -> bool:
    """Tell whether a text is Spanish by its stop words: some, and more than of English."""
    spanish = sum(map(ONLY_SPANISH.__contains__, found))
    return spanish >= _FEWEST_SPANISH and spanish > sum(map(_ONLY_ENGLISH.__contains__, found))


@lru_cache(maxsize=100_000)
def stem(token: str) -> str:
    """Return the stem of a token ("pantries" and "pantry" share one). It keeps the mark."""
    if token.startswith(SPANISH):
        # The stemmer knows the ending by its accent.
        word = token[1:-3] + "ión" if token.endswith("cion") else token[1:]
        return SPANISH + fold(_SPANISH_STEMMER.stem(word))
    found = _APART.get(token) or str(porter_stem(token))
    return _IRREGULAR.get(found, found)


def stems(text: str) -> list[str]:
    """Return the stems of a text in order, as they are indexed."""
    return [stem(token) for token in tokens(word_list(text))]
