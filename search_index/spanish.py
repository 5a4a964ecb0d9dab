"""Spanish phrases by what stays the same in them when people say them in their own way.

"Me cortaron la luz", "nos van a cortar la luz" and "cortarme la luz" are one phrase: persons and
tenses, genders and plurals, prepositions, and words that only help others do not count, and some
words stand for others ("marido", "esposo"). What is denied stays denied, and what is done to
others stays so ("se", "le").
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search_index.analysis import FILLERS, SPANISH, fold, stem, word_list
from search_index.lexicon import Stems

# Words that change nothing in what is asked for, as they only help other words.
_HELPING = frozenset(
    word_list(
        """
    a al con de del en pa para por
    como donde que quien quienes alguien
    muy mucho mucha muchos muchas tan ya todavia aun hoy aqui favor te
    estoy esta estas estamos estan estar estaba estaban estuve estuvo
    he ha has hemos han haber habia soy es somos son ser era eran fue fui
    voy va vas vamos van iba iban ir
    puedo puede puedes podemos pueden poder pude pudo pudimos pudieron podria podrian
    quiero quiere quieres queremos quieren querer queria quisiera quiso
    necesito necesita necesitamos necesitan necesitaba ocupo ocupamos ocupa
    busco busca buscamos buscan buscando buscar
    ando anda andamos andan acabo acaba acabamos acaban
    dos tres cuatro cinco seis varios varias persona personas gente
    """
    )
)

# Forms of verbs whose letters change, by the form that stands for them.
_IRREGULAR = {
    form: root
    for root, forms in {
        "ech": "echar echo echa echan eche echen echaron echando echarme echarnos echado echada",
        "oig": "oir oigo oye oyen oimos",
        "cai": "caer cae caen caigo cayo cayeron cayendo caerse cai caido",
        "ten": "tengo tiene tienes tienen tuve tuvo tuvimos tuvieron tenia teniamos tenga tengan",
        "hac": "hago hice hizo hicimos hicieron haga hagan hacia",
        "venir": "vengo viene vienen vino vinieron venga vengan venir",
        "traer": "traer traigo trae traen traiga traigan trajo trajeron traerme traerlo",
        "ver": "ver veo ve vemos ven visto",
        "comida": "comida comidas",
        "d": "dar da dan dando den dieron dio daba daban",
        "bota": "bota botas",
        "plato": "plato platos",
        "recibo": "recibo recibos",
        "medicaid": "medicaid",
        "arrendador": "arrendador arrendadora arrendadores",
        "dano": "dano danos",
    }.items()
    for form in forms.split()
}
# Last syllables of roots that change with the stress: "pierdo", "perder".
_CHANGING = (("ie", "e"), ("ue", "o"))
_WEAK = {"durm": "dorm", "mur": "mor", "pid": "ped", "sint": "sent", "despid": "desped"}
_SHORTEST_ROOT = 3
# A phrase has at least so many words besides those that say nothing by themselves.
_FEWEST_WORDS = 2
_LIGHT = frozenset(("no", "ni", "sin", "se", "le", "les", "lo"))
# A single word means a phrase of one word when it ends as but a verb does: "divorciarnos".
_VERB_ENDINGS = (
    *("arme", "arse", "arnos", "arlo", "arla", "erme", "erse", "ernos", "irme", "irse", "irnos"),
    *("ando", "iendo", "aron", "ieron"),
)
_ONE_VERB = ("ar", "er", "ir", *_VERB_ENDINGS)
_ME = "me"
_TO_ME = frozenset(("me", "nos"))
_TO_ME_ENDINGS = ("arme", "erme", "irme", "arnos", "ernos", "irnos", "andome", "iendome")
_NEARLY_ALL = 0.75


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """Return what the forms of a folded Spanish word share, verbs and names alike."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    found = stem(SPANISH + word)[1:]
    if len(found) <= _SHORTEST_ROOT:
        return _WEAK.get(found, found)
    if found.endswith(("i", "e")):
        found = found[:-1]
    elif found.endswith("qu"):
        found = found[:-2] + "c"
    for stressed, plain in _CHANGING:
        before, changed, after = found.rpartition(stressed)
        if changed and before and after and not set(after) & set("aeiou"):
            found = before + plain + after
    return _WEAK.get(found, found)


class SpanishPhrases:
    """Codes by Spanish phrase. Of a single word only a verb will do, and what is done to me or us.

    Where phrases of several codes are alike, nearly all of them must have one.
    """

    def __init__(
        self, entries: Iterable[tuple[str, str]], alike: Iterable[Sequence[str]] = ()
    ) -> None:
        self._alike = {
            root(word): root(usual)
            for usual, *others in (map(fold, group) for group in alike)
            for word in others
        }
        codes: dict[Stems, Counter[str]] = {}
        for phrase, code in entries:
            codes.setdefault(self._key(word_list(phrase)), Counter())[code] += 1
        codes.pop((), None)
        self._codes: dict[Stems, str] = {}
        for key, found in codes.items():
            ((code, most),) = found.most_common(1)
            if most >= _NEARLY_ALL * found.total():
                self._codes[key] = code
        self._lengths: dict[str, set[int]] = {}
        for key in self._codes:
            self._lengths.setdefault(key[0], set()).add(len(key))

    def found(self, run: Sequence[str]) -> dict[tuple[int, int], str]:
        """Return where phrases stand in a run of folded words, with the code of each."""
        places = [place for place, word in enumerate(run) if _counts(word)]
        roots = [self._root(run[place]) for place in places]
        spans: dict[tuple[int, int], str] = {}
        for start, (place, first) in enumerate(zip(places, roots, strict=True)):
            for length in self._lengths.get(first, ()):
                key = tuple(roots[start : start + length])
                enough = (
                    _tells(key) or run[place].endswith(_VERB_ENDINGS) or _is_done_to_me(run, place)
                )
                if enough and len(key) == length and key in self._codes:
                    spans[place, places[start + length - 1] + 1] = self._codes[key]
            done_to_me = (_ME, first)
            if done_to_me in self._codes and _is_done_to_me(run, place):
                spans.setdefault((place, place + 1), self._codes[done_to_me])
        return spans

    def _key(self, said: Sequence[str]) -> Stems:
        """Return a phrase as it is looked up, or nothing if it says too little."""
        key = tuple(self._root(word) for word in said if _counts(word))
        if _tells(key) or (len(said) == 1 and said[0].endswith(_ONE_VERB)):
            return key
        return (_ME, *key) if len(said) == len(key) + 1 and said[0] in _TO_ME else ()

    def _root(self, word: str) -> str:
        found = root(word)
        return self._alike.get(found, found)


def _is_done_to_me(run: Sequence[str], place: int) -> bool:
    """Tell whether a verb says what is done to me or us: "me pega", "me ha pegado", "pegarme"."""
    if run[place].endswith(_TO_ME_ENDINGS):
        return True
    before = place - 1
    while before >= 0 and run[before] in _HELPING:
        before -= 1
    return before >= 0 and run[before] in _TO_ME


def _tells(key: Stems) -> bool:
    return len(set(key) - _LIGHT) >= _FEWEST_WORDS


def _counts(word: str) -> bool:
    return word not in FILLERS and word not in _HELPING
