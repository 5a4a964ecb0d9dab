"""Which languages the people of the demo network speak."""

from referral_hub.use_cases.profile import change_languages
from referral_hub.use_cases.steps.people import person_with_email
from seed.casework.stage import Stage
from seed.demo_people import LANGUAGES


def say_languages(stage: Stage) -> None:
    """Let everybody say what they speak, each in their own name."""
    acting = {
        each.person_id: each for company in stage.companies.values() for each in company.everybody
    }
    for local, languages in LANGUAGES.items():
        person = person_with_email(stage.session, stage.vault, f"{local}@demo.example")
        if person is not None and person.id in acting:
            change_languages(stage.session, acting[person.id], languages, now=stage.now)
