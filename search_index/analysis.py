"""From text to the word stems that are indexed and searched: one way for both sides."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from whoosh.lang.porter import stem as porter_stem
from whoosh.lang.stopwords import stoplists

LONGEST_WORD = 64

# Plurals that the stemmer does not know, as it leaves them, of people one often asks for.
_IRREGULAR = {"children": "child", "women": "woman", "men": "man", "teeth": "tooth"}

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")


def fold(text: str) -> str:
    """Return the text without capitals, accents and apostrophes."""
    if text.isascii():
        return text.lower().translate(_APOSTROPHES)
    parts = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


STOP_WORDS = frozenset(fold(word) for language in ("en", "es") for word in stoplists[language])

# Words that change nothing in what a person asks for: "help with my rent" is "help with rent".
# Prepositions stay, since they carry the sense of "out of work" and "sin hogar".
_ENGLISH_FILLERS = "a an the some my our your his her their me us i we you he she they this that"
_SPANISH_FILLERS = (
    "el la los las un una unos unas mi mis su sus tu tus nuestro nuestra nuestros nuestras "
    "me nos yo este esta"
)
FILLERS = frozenset(f"{_ENGLISH_FILLERS} {_SPANISH_FILLERS}".split())


def words(text: str) -> Iterator[str]:
    """Yield the folded words of a text in order; what is longer than a word is left out."""
    for found in _WORD.finditer(fold(text)):
        word = found.group()
        if len(word) <= LONGEST_WORD:
            yield word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a folded word ("pantries" and "pantry" share one)."""
    found = str(porter_stem(word))
    return _IRREGULAR.get(found, found)


def stems(text: str) -> list[str]:
    """Return the stems of a text in order, without stop words."""
    return [stem(word) for word in words(text) if word not in STOP_WORDS]
