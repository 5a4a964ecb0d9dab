"""Invented people: names of many origins, telephone numbers that nobody has."""

from datetime import date, timedelta
from typing import Any

from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import ContactWay
from seed.casework.chance import Chance
from seed.casework.words import words
from seed.demo_network import demo_places

AREA_CODES = (312, 773, 872, 708, 847, 224, 630, 331, 815, 779, 464)
"""Those of the Chicago area; with 555-0100 to 0199 after them no number is anybody's."""
WAYS: dict[tuple[ContactWay, ...], float] = {
    (ContactWay.CALL, ContactWay.TEXT): 5,
    (ContactWay.CALL,): 3,
    (ContactWay.TEXT,): 3,
    (ContactWay.CALL, ContactWay.TEXT, ContactWay.EMAIL): 2,
    (ContactWay.CALL, ContactWay.LETTER): 1,
    (ContactWay.IN_PERSON,): 1,
}


def made_up_profile(chance: Chance, number: int, today: date, *, careful: bool) -> Profile:
    """The profile of the client with this number. `careful`: there is always something that must
    not happen, as with clients of a shelter."""
    lists = words()
    group: dict[str, Any] = chance.choices(
        lists["names"], [each["weight"] for each in lists["names"]]
    )[0]
    gender = chance.one_of({"Woman": 6, "Man": 4, "Nonbinary": 0.15})
    given = chance.choice(group["men"] if gender == "Man" else group["women"])
    family = chance.choice(group["family"])
    speaks = tuple(group["languages"])
    if len(speaks) > 1 and chance.happens(0.35):
        speaks = ("en", *(code for code in speaks if code != "en"))
    zip_code, city, state = chance.choice(demo_places())
    age = round(min(88.0, max(17.0, chance.triangular(17, 88, 33))))
    children = chance.one_of({0: 5, 1: 3, 2: 3, 3: 1.5, 4: 0.5}) if age < 60 else 0
    adults = chance.one_of({1: 5, 2: 4, 3: 1})
    has_ways = chance.one_of(WAYS)
    told = lists["profile"]
    address = f"{given}.{family}{number}@example.org".lower()
    return Profile(
        given_name=given,
        family_name=family,
        birth_date=today - timedelta(days=365 * age + chance.randrange(365)),
        gender=gender,
        languages=speaks,
        interpreter_needed=speaks[0] != "en" and chance.happens(0.7),
        phone=_phone(number),
        email=_ascii(address) if ContactWay.EMAIL in has_ways else "",
        street=f"{chance.randrange(100, 9900)} {chance.choice(told['streets'])}"
        if chance.happens(0.8)
        else "",
        city=city,
        state=state,
        zip=zip_code,
        contact_ways=has_ways,
        contact_times=chance.choice(told["contact_times"]) if chance.happens(0.5) else "",
        never=chance.choice(told["never"]) if careful or chance.happens(0.25) else "",
        household_size=adults + children,
        children=children,
        housing=chance.choice(told["housing"]),
        veteran=chance.happens(0.06) if chance.happens(0.6) else None,
        student=chance.happens(0.1) if age < 40 and chance.happens(0.5) else None,
        pregnant=True if gender == "Woman" and age < 40 and chance.happens(0.05) else None,
        disability=chance.happens(0.15) if chance.happens(0.5) else None,
        income=chance.randrange(0, 3400, 50),
        benefits=chance.choice(told["benefits"]),
        insurance=chance.choice(told["insurance"]),
        documents=chance.choice(told["documents"]),
        **_sensitive(chance, careful=careful),
    )


def household_of(chance: Chance, profile: Profile, today: date) -> list[Profile]:
    """Those who live with somebody: their children, by name."""
    found = []
    for _ in range(profile.children or 0):
        group = chance.choice(words()["names"])
        given = chance.choice(group["women"] + group["men"])
        born = today - timedelta(days=chance.randrange(90, 365 * 17))
        found.append(
            Profile(
                given_name=given,
                family_name=profile.family_name,
                birth_date=born,
                relation="child",
            )
        )
    return found


def _sensitive(chance: Chance, *, careful: bool) -> dict[str, str]:
    """What is shared only where the client agreed to it by name; most have none of it."""
    told = words()["sensitive"]
    shares = {
        "health": 0.3, "substance_use": 0.06, "violence": 0.08, "immigration": 0.1, "legal": 0.12,
        "education": 0.15,
    }  # fmt: skip
    if careful:
        shares["violence"] = 1
    found = {
        name: chance.choice(told[name]) for name, share in shares.items() if chance.happens(share)
    }
    if "legal" in found:
        found["adverse_party"] = chance.choice(told["adverse"])
    return found


def _phone(number: int) -> str:
    area = AREA_CODES[number % len(AREA_CODES)]
    return f"+1{area}55501{number // len(AREA_CODES) % 100:02}"


def _ascii(text: str) -> str:
    return text.encode("ascii", "ignore").decode()
