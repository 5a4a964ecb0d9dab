"""The agencies and accounts of the demo network: all names are invented."""

from collections.abc import Sequence

from referral_hub.rules.roles import LABEL, Role
from referral_hub.rules.teams import FIRST_TEAM, TeamPart
from referral_hub.use_cases.load_demo_people import DemoAgency, DemoPerson
from seed.demo_network import demo_organization_id

PASSWORD = "demo-network-2026"  # noqa: S105 printed for everybody, for the demo only
OUTREACH, NIGHT = "Housing outreach", "Night line"
MEMBER, SUPERVISOR = TeamPart.MEMBER, TeamPart.SUPERVISOR


def demo_agencies() -> Sequence[DemoAgency]:
    """The partner agencies with their people."""
    return (
        _agency(
            "front-door-network",
            "Front Door Network",
            _account("agencyadmin", "Adaeze Holloway", Role.AGENCY_ADMINISTRATOR),
            _account("casemanager", "Camila Reyes-Novak", Role.CASE_MANAGER, team=OUTREACH),
            _account(
                "supervisor",
                "Solomon Pryce",
                Role.SUPERVISOR,
                team=OUTREACH,
                part=SUPERVISOR,
                also=FIRST_TEAM,
            ),
            _colleague("Marguerite Sohl", "marguerite.sohl", Role.SUPERVISOR, part=SUPERVISOR),
            _colleague("Dario Petrov", "dario.petrov", Role.INTAKE_WORKER),
            _colleague("Ines Abara", "ines.abara", Role.CASE_MANAGER, team=OUTREACH),
            _colleague("Theo Lindgren", "theo.lindgren", Role.CASE_MANAGER, team=NIGHT),
        ),
        _agency(
            "harbor-street-homes",
            "Harbor Street Homes",
            _colleague("Bernadette Osei", "bernadette.osei", Role.AGENCY_ADMINISTRATOR),
            _account("intake", "Ikram Vasquez", Role.INTAKE_WORKER),
            _colleague("Malik Sorensen", "malik.sorensen", Role.CASE_MANAGER),
            _colleague("Nadia Fontaine", "nadia.fontaine", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "prairie-tenant-law",
            "Prairie Tenant Law",
            _colleague("Wendell Achebe", "wendell.achebe", Role.AGENCY_ADMINISTRATOR),
            _account("legal", "Leonor Whitcombe", Role.INTAKE_WORKER, Role.CASE_MANAGER),
            _colleague("Tobias Ekwueme", "tobias.ekwueme", Role.SUPERVISOR, part=SUPERVISOR),
            conflict_check=True,
        ),
        _agency(
            "safe-lantern",
            "Safe Lantern",
            _colleague("Rosalind Mbeki", "rosalind.mbeki", Role.AGENCY_ADMINISTRATOR),
            _account("shelter", "Shirin Calloway", Role.INTAKE_WORKER, Role.CASE_MANAGER),
            _colleague("Vera Oyelaran", "vera.oyelaran", Role.SUPERVISOR, part=SUPERVISOR),
            victim_services=True,
        ),
        _agency(
            "puerta-clara-health",
            "Puerta Clara Health Center",
            _colleague("Esteban Marchetti", "esteban.marchetti", Role.AGENCY_ADMINISTRATOR),
            _colleague("Joy Tran", "joy.tran", Role.INTAKE_WORKER),
            _colleague("Amparo Lindqvist", "amparo.lindqvist", Role.CASE_MANAGER),
            _colleague("Henrik Adair", "henrik.adair", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "open-door-adult-school",
            "Open Door Adult School",
            _colleague("Harriet Obi", "harriet.obi", Role.AGENCY_ADMINISTRATOR),
            _colleague("Pavel Dubois", "pavel.dubois", Role.INTAKE_WORKER),
            _colleague("Sunniva Clarke", "sunniva.clarke", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "full-table",
            "Full Table Neighbors",
            _colleague("Omar Sandoval", "omar.sandoval", Role.AGENCY_ADMINISTRATOR),
            _colleague("Greta Nwosu", "greta.nwosu", Role.INTAKE_WORKER),
            _colleague("Ruben Castellanos", "ruben.castellanos", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "southland-hearth",
            "Southland Hearth",
            _colleague("Lucille Ferrante", "lucille.ferrante", Role.AGENCY_ADMINISTRATOR),
            _colleague("Amir Castellane", "amir.castellane", Role.CASE_MANAGER),
            _colleague("Opal Rasmussen", "opal.rasmussen", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "lanternlight-shelters",
            "Lanternlight Shelters",
            _colleague("Cornelius Abbate", "cornelius.abbate", Role.AGENCY_ADMINISTRATOR),
            _colleague("Fatou Merriweather", "fatou.merriweather", Role.INTAKE_WORKER),
            _colleague("Jules Okonkwo", "jules.okonkwo", Role.CASE_MANAGER),
            _colleague("Priscilla Voss", "priscilla.voss", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "stillwater-counseling",
            "Stillwater Counseling Collective",
            _colleague("Anselm Burke", "anselm.burke", Role.AGENCY_ADMINISTRATOR),
            _colleague("Keiko Salazar", "keiko.salazar", Role.INTAKE_WORKER, Role.CASE_MANAGER),
            _colleague("Ingrid Mwangi", "ingrid.mwangi", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "brightwork",
            "Brightwork Training Center",
            _colleague("Delphine Grady", "delphine.grady", Role.AGENCY_ADMINISTRATOR),
            _colleague("Hector Lindahl", "hector.lindahl", Role.INTAKE_WORKER),
            _colleague("Noor Gallagher", "noor.gallagher", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "clear-ledger",
            "Clear Ledger Money Center",
            _colleague("Mortimer Sandhu", "mortimer.sandhu", Role.AGENCY_ADMINISTRATOR),
            _colleague("Beatriz Kowal", "beatriz.kowal", Role.INTAKE_WORKER),
        ),
        _agency(
            "first-winter",
            "First Winter Welcome",
            _colleague("Yusra Halloran", "yusra.halloran", Role.AGENCY_ADMINISTRATOR),
            _colleague("Tekle Bergstrom", "tekle.bergstrom", Role.CASE_MANAGER),
            _colleague("Oksana Mendel", "oksana.mendel", Role.CASE_MANAGER, Role.INTAKE_WORKER),
            _colleague("Silvio Achterberg", "silvio.achterberg", Role.SUPERVISOR, part=SUPERVISOR),
        ),
        _agency(
            "sprout-street",
            "Sprout Street Family Center",
            _colleague("Philippa Duarte", "philippa.duarte", Role.AGENCY_ADMINISTRATOR),
            _colleague("Rashida Kvale", "rashida.kvale", Role.CASE_MANAGER, Role.INTAKE_WORKER),
            _colleague("Gideon Farrow", "gideon.farrow", Role.SUPERVISOR, part=SUPERVISOR),
        ),
    )


LANGUAGES = {
    "casemanager": ("es",), "ines.abara": ("pt", "es"), "dario.petrov": ("ru", "uk"),
    "intake": ("ar", "es"), "malik.sorensen": ("fr",), "joy.tran": ("vi",),
    "amparo.lindqvist": ("es",), "legal": ("es",), "shelter": ("ar", "fr"),
    "tekle.bergstrom": ("am", "ti", "ar"), "oksana.mendel": ("uk", "ru", "pl"),
    "fatou.merriweather": ("fr", "wo"), "keiko.salazar": ("es",),
}  # fmt: skip
"""What people of the demo speak beside English, by the name of their account."""


def demo_stewards() -> Sequence[DemoPerson]:
    """Who looks after the demo network."""
    return (_account("steward", "Stella Marchbanks", Role.NETWORK_STEWARD, team=None),)


def demo_accounts() -> Sequence[tuple[str, str]]:
    """(address, who that is) of everybody who can sign in."""
    found = [
        (person.email, f"{_what(person)}, {agency.name}")
        for agency in demo_agencies()
        for person in agency.people
        if person.password
    ]
    return [*found, *((person.email, _what(person)) for person in demo_stewards())]


def _what(person: DemoPerson) -> str:
    return " and ".join(LABEL[role].lower() for role in Role if role in person.roles)


def _agency(
    slug: str,
    name: str,
    *people: DemoPerson,
    victim_services: bool = False,
    conflict_check: bool = False,
) -> DemoAgency:
    organization_id = demo_organization_id(slug)
    return DemoAgency(name, organization_id, people, victim_services, conflict_check)


def _account(
    local: str,
    name: str,
    *roles: Role,
    team: str | None = FIRST_TEAM,
    part: TeamPart = MEMBER,
    also: str | None = None,
) -> DemoPerson:
    """Somebody as whom people can sign in, in a team or two. Administrators belong to none."""
    teams = _teams(roles, team, part) + _teams(roles, also, part)
    return DemoPerson(name, f"{local}@demo.example", frozenset(roles), PASSWORD, teams)


def _colleague(
    name: str,
    local: str,
    *roles: Role,
    team: str | None = FIRST_TEAM,
    part: TeamPart = MEMBER,
) -> DemoPerson:
    """Somebody who is only there."""
    return DemoPerson(
        name, f"{local}@demo.example", frozenset(roles), teams=_teams(roles, team, part)
    )


def _teams(
    roles: tuple[Role, ...], team: str | None, part: TeamPart
) -> tuple[tuple[str, TeamPart], ...]:
    if team is None or Role.AGENCY_ADMINISTRATOR in roles:
        return ()
    return ((team, part),)
