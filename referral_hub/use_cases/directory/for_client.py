"""Services seen with a client in mind: what the search takes from them, and whom a service fits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.rules.eligibility import Verdict
from referral_hub.rules.eligibility_answers import Known, age_in_months, age_words, judge
from referral_hub.rules.places import Place
from referral_hub.use_cases.client_search_views import ClientUse, UsedFact
from referral_hub.use_cases.directory.criteria import read_criteria
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.directory.wording import language_name
from referral_hub.use_cases.directory_views import FindQuery, FindView, Relaxed
from referral_hub.use_cases.steps.chosen_client import ChosenClient
from referral_hub.vocabulary import needs

ENGLISH = "English"
WITHOUT: Mapping[str, str] = {
    "age": "no_age",
    "language": "no_language",
    "category": "no_needs",
    "near": "no_place",
}
"""For each parameter that a client can fill in, the one that says not to."""


class Filled:
    """A search as it was typed, with what a client fills in where nothing was typed.

    Words that were typed say themselves what is needed. Any language that the client speaks will
    do. Where one of them is English they narrow nothing, since listings rarely say that English is
    spoken.
    """

    def __init__(
        self, typed: FindQuery, use: ClientUse, client: ChosenClient, known: Known
    ) -> None:
        self.query = typed
        self.place: Place | None = None
        self.used: list[UsedFact] = []
        self._taken: set[str] = set()
        self._client = client
        self._fill(typed, use, known)

    def _fill(self, typed: FindQuery, use: ClientUse, known: Known) -> None:
        months = age_in_months(known.profile.birth_date, known.day)
        if use.age and typed.age is None and months is not None:
            years = months / 12 if months < 24 else float(months // 12)
            self._take("age", f"Age {age_words(months)}", age=years)
        spoken = tuple(language_name(None, code) for code in known.profile.languages)
        if use.language and not typed.language and spoken and ENGLISH not in spoken:
            self._take("language", ", ".join(spoken), language=spoken)
        place = known.home.place
        if use.place and not typed.near and typed.latitude is None and place is not None:
            self.place = place
            self._take("near", f"Near {place.label}")
        codes = tuple(code for code in self._client.needs if code in needs())
        if use.needs and codes and not typed.category and not typed.words.strip():
            labels = ", ".join(needs()[code].label for code in codes)
            self._take("category", labels, category=codes)

    def _take(self, name: str, label: str, **values: object) -> None:
        self.query = replace(self.query, **values)  # type: ignore[arg-type]
        self.used.append(UsedFact(label, WITHOUT[name]))
        self._taken.add(name)

    def shown(self, view: FindView, typed: FindQuery) -> FindView:
        """The answer as to what was typed: no value of the client's stands in a field or link."""
        facets = tuple(
            replace(facet, options=tuple(
                replace(each, selected=each.selected and each.value in getattr(typed, facet.name))
                for each in facet.options
            ))
            if facet.name in self._taken
            else facet
            for facet in view.facets
        )  # fmt: skip
        relax = tuple(replace(each, parameters=self._parameters(each)) for each in view.relax)
        return replace(view, query=typed, facets=facets, relax=relax)

    def _parameters(self, relaxed: Relaxed) -> Mapping[str, str | None]:
        """To leave out what the client filled in takes a parameter more, not one less."""
        found = dict(relaxed.parameters)
        for name in self._taken & set(found):
            del found[name]
            found[WITHOUT[name]] = "1"
        if "q" in found and found["q"] is None:
            found[WITHOUT["category"]] = "1"
        return found


def verdicts(
    session: Session, service_ids: Iterable[str], known: Known, gazetteer: Gazetteer
) -> dict[str, Verdict]:
    """What the conditions of services say of the client, by the ids of the services."""
    facts = read_services(session, [UUID(each) for each in service_ids])
    found = read_criteria(session, facts, gazetteer)
    return {str(each): judge(criteria, known) for each, criteria in found.items()}


def left_out(use: ClientUse) -> Iterator[str]:
    """The parameters by which the person chose not to use facts of the client."""
    for name, is_used in (
        ("age", use.age), ("language", use.language), ("near", use.place), ("category", use.needs),
    ):  # fmt: skip
        if not is_used:
            yield WITHOUT[name]
