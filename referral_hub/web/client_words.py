"""How words about clients read on a page."""

from datetime import date

from flask import Flask

from referral_hub.rules import clients
from referral_hub.rules.caseload_weights import INTENSITY_LABEL
from referral_hub.rules.client_matching import LIKENESS_LABEL, Likeness
from referral_hub.rules.client_profile import LABEL, Profile
from referral_hub.rules.clients import CaseEnd, ContactWay, Level, NeedStatus, NoteKind
from referral_hub.rules.languages import LANGUAGES
from referral_hub.rules.phone_numbers import national
from referral_hub.rules.places import STATES
from referral_hub.vocabulary import needs
from referral_hub.web.presentation import ago

Options = list[tuple[str, str]]


def client_labels() -> dict[str, str]:
    """The names of a profile's fields."""
    return dict(LABEL)


def options_of(kind: str) -> Options:
    """(value, label) to choose from."""
    return list(_OPTIONS[kind])


def options_with_meaning(kind: str) -> list[tuple[str, str, str]]:
    """(value, label, meaning) to tick; these need no further words."""
    return [(value, label, "") for value, label in _OPTIONS[kind]]


def likeness_label(likeness: Likeness) -> str:
    """Why two records may be the same person."""
    return LIKENESS_LABEL[likeness]


def need_groups() -> list[tuple[str, Options]]:
    """All needs to choose from, by domain; those further down are set in."""
    every = list(needs().values())
    return [
        (
            top.label,
            [
                (each.code, "\u2003" * (each.level - 1) + each.label)
                for each in every
                if each.domain == top.code
            ],
        )
        for top in every
        if top.level == 1
    ]


def level_label(level: int) -> str:
    """Low, medium or high."""
    return clients.LEVEL_LABEL[Level(level)].lower()


def note_kind_label(kind: NoteKind) -> str:
    """What a note tells."""
    return clients.NOTE_KIND_LABEL[kind]


def need_status_label(status: NeedStatus) -> str:
    """What became of a need."""
    return clients.NEED_STATUS_LABEL[status]


def case_end_label(reason: CaseEnd) -> str:
    """Why work ended."""
    return clients.CASE_END_LABEL[reason]


def fact_in_words(profile: Profile, name: str) -> str:
    """A field of a profile as people read it; empty where nothing is known."""
    value = getattr(profile, name)
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%B} {value.day}, {value.year}"
    if name == "languages":
        return ", ".join(LANGUAGES.get(code, code) for code in value)
    if name == "contact_ways":
        return ", ".join(clients.CONTACT_WAY_LABEL[ContactWay(way)] for way in value)
    if name == "income":
        return f"${value:,}"
    return national(value) if name in ("phone", "other_phone") else str(value)


def age(birth: date, today: date) -> int:
    """How many full years somebody has lived."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


_OPTIONS: dict[str, Options] = {
    "language": sorted(LANGUAGES.items(), key=lambda item: (item[0] not in ("en", "es"), item[1])),
    "state": [(code, f"{code} – {name}") for code, name in STATES.items()],
    "contact_way": [(way.value, label) for way, label in clients.CONTACT_WAY_LABEL.items()],
    "level": [(str(level.value), label) for level, label in clients.LEVEL_LABEL.items()],
    "acuity": [(str(number), label) for number, label in clients.ACUITY_LABEL.items()],
    "intensity": [(str(number), label) for number, label in INTENSITY_LABEL.items()],
    "note_kind": [(kind.value, label) for kind, label in clients.NOTE_KIND_LABEL.items()],
    "case_end": [(end.value, label) for end, label in clients.CASE_END_LABEL.items()],
    "yes_no": [("yes", "Yes"), ("no", "No")],
}


def register_client_words(app: Flask) -> None:
    """Give templates these words."""
    for function in (
        age, ago, case_end_label, client_labels, fact_in_words, level_label, likeness_label,
        need_groups, need_status_label, note_kind_label, options_of, options_with_meaning,
    ):  # fmt: skip
        app.add_template_global(function)
