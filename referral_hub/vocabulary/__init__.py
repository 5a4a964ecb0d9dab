"""The hub's own words: the taxonomy of needs, a glossary, and the kinds of people."""

from referral_hub.vocabulary.glossary import Equivalence, alike, english_alike, equivalents
from referral_hub.vocabulary.needs_reader import Need, children, need_words, needs
from referral_hub.vocabulary.populations import PopulationTerm, populations

__all__ = [
    "Equivalence",
    "Need",
    "PopulationTerm",
    "alike",
    "children",
    "english_alike",
    "equivalents",
    "need_words",
    "needs",
    "populations",
]
