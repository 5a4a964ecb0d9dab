import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import FILLERS, word_list
from search_index.spanish import SpanishPhrases, root

PHRASES = SpanishPhrases(
    [
        ("me cortaron la luz", "power"),
        ("mi esposo me golpea", "violence"),
        ("me pega", "violence"),
        ("le pegué a mi esposa", "batterer"),
        ("no puedo pagar la renta", "rent"),
        ("divorciarme", "divorce"),
        ("sin papeles", "papers"),
        ("cuidar niños", "care"),
        ("cuidado de niños", "care"),
        ("cuido a mi niño", "care"),
        ("quien cuide niños", "pay"),
        ("perdí mi casa", "shelter"),
        ("perder mi casa", "mortgage"),
        ("clases de inglés", "english"),
    ],
    [("esposo", "marido"), ("renta", "alquiler"), ("pegar", "golpear")],
)


def codes(text: str) -> set[str]:
    return set(PHRASES.found(word_list(text)).values())


@pytest.mark.parametrize(
    "forms",
    [
        "cortar corto corta cortan cortaron cortando corten cortarme cortarnos cortado cortada",
        "perder perdi perdio perdimos pierdo pierde pierden perdieron perdido",
        "dormir duermo duerme dormimos durmiendo durmio",
        "morir muere muriendo morirme murio",
        "tener tengo tiene tienen tenemos tuve tuvimos",
        "hacer hago hice hizo hacen haciendo hacerme",
        "pagar pague paga pagan pagaron pagando pagarme",
        "sacar saque sacan sacaron sacarme saquen",
        "echar echo echan echaron echando echarme",
        "desaparecer desaparecio desaparecido desaparecieron",
        "hijo hija hijos hijas",
        "viejito viejitas",
    ],
)
def test_all_forms_of_a_word_have_one_root(forms):
    assert len({root(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("comer", "comida"), ("bota", "botar"), ("plato", "plata"), ("medicaid", "medico")],
)
def test_words_alike_that_mean_something_else_have_their_own_root(one, other):
    assert root(one) != root(other)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nos van a cortar la luz", "power"),
        ("cortarme la luz", "power"),
        ("mi marido me está golpeando", "violence"),
        ("mi esposo me ha golpeado mucho", "violence"),
        ("me golpeó", "violence"),
        ("quiere pegarme", "violence"),
        ("le pego a mi esposa", "batterer"),
        ("no pudimos pagar el alquiler", "rent"),
        ("nos queremos divorciar", "divorce"),
        ("clases para inglés", "english"),
        ("quien cuide a mi niña", "care"),
    ],
)
def test_a_phrase_is_found_however_it_is_said(text, code):
    assert codes(text) == {code}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pega",
        "le pega",
        "puedo pagar la renta",
        "papeles",
        "para la",
        "perdimos la casa",
        "luz cortada",
        "help with rent",
    ],
)
def test_what_says_less_or_something_else_is_not(text):
    assert codes(text) == set()


def test_a_phrase_stands_where_its_words_stand():
    assert PHRASES.found(word_list("ayer nos cortaron toda la luz")) == {}
    assert PHRASES.found(word_list("ayer nos cortaron ya la luz")) == {(2, 6): "power"}


@given(st.lists(st.sampled_from(word_list("me le se no luz cortan casa perder pega la x"))))
def test_spans_are_within_the_words_and_begin_and_end_with_telling_ones(run):
    for start, end in PHRASES.found(run):
        assert 0 <= start < end <= len(run)
        assert run[start] not in FILLERS
        assert run[end - 1] not in FILLERS
