"""Plurals and feminines by simple rule, so that the glossary lists each word once.

A form that nobody writes costs nothing; a word with a form that is another word ("caso", "casa")
stands in the glossary where that form is not made.
"""

_SPANISH_LINKS = frozenset(
    ("a", "al", "con", "contra", "de", "del", "en", "para", "por", "sin", "y")
)
_PLAIN = str.maketrans("áéíóú", "aeiou")
_VOWELS = "aeiouáéíóú"


def spanish_forms(phrase: str) -> tuple[str, ...]:
    """Singular and plural; what follows the first "de", "para" … stays ("banco de alimentos")."""
    words = phrase.split()
    links = [place for place, word in enumerate(words) if word in _SPANISH_LINKS]
    head = links[0] if links else len(words)
    return _each_once(phrase, " ".join((*map(_spanish_plural, words[:head]), *words[head:])))


def spanish_forms_of_people(word: str) -> tuple[str, ...]:
    """Singular and plural of both genders, from the masculine singular."""
    feminine = _spanish_feminine(word)
    return _each_once(word, feminine, _spanish_plural(word), _spanish_plural(feminine))


def english_forms(phrase: str) -> tuple[str, ...]:
    """Singular and plural of the last word."""
    return _each_once(phrase, _english_plural(phrase))


def _each_once(*forms: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))


def _spanish_plural(word: str) -> str:
    if word[-1] in _VOWELS:
        return word + "s"
    if word[-1] == "z":
        return word[:-1] + "ces"
    if word[-1] == "s" and word[-2] not in "áéíóú":
        return word
    return _plain_ending(word) + "es"


def _spanish_feminine(word: str) -> str:
    if word[-1] == "o":
        return word[:-1] + "a"
    if word.endswith(("or", "án", "én", "ín", "ón", "és")):
        return _plain_ending(word) + "a"
    return word


def _plain_ending(word: str) -> str:
    """The last two letters lose their accent before another syllable: "inglés", "ingleses"."""
    return word[:-2] + word[-2:].translate(_PLAIN)


def _english_plural(phrase: str) -> str:
    if phrase.endswith("y") and phrase[-2] not in _VOWELS:
        return phrase[:-1] + "ies"
    if phrase.endswith(("s", "x", "z", "ch", "sh")):
        return phrase + "es"
    return phrase + "s"
