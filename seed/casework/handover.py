"""How a supervisor of the demo network shared the work of a team anew."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.own_caseload import show_own_line
from referral_hub.use_cases.reassign_cases import reassign_cases
from seed.casework.cases import Case
from seed.casework.scenes import FRONT_DOOR
from seed.casework.stage import Stage

MOVED = 5
SEEN_AGO = timedelta(days=5)


def hand_over(stage: Stage, cases: Sequence[Case]) -> Iterator[datetime]:
    """The first supervisor of the big agency gives some cases of the first worker to the second."""
    company = stage.companies[FRONT_DOOR]
    first, second, supervisor = *company.senders[:2], company.supervisors[0]
    moved = [
        case
        for case in cases
        if case.worker is first and case.has_begun and case.client.closed_at is None
        and case.client.team_id in supervisor.teams
    ][-MOVED:]  # fmt: skip
    if moved:
        reassign_cases(
            stage.session, supervisor, first.person_id, second.person_id,
            [case.client_id for case in moved], with_referrals=True, channel=Channel.PAGE,
            now=stage.now,
        )  # fmt: skip
    for case in moved:
        case.worker = second
    return
    yield


def look_at_own_load(stage: Stage) -> None:
    """The second worker of the big agency saw some days ago what the own caseload asks for: by now
    the supervisor sees it too."""
    second = stage.companies[FRONT_DOOR].senders[1]
    show_own_line(stage.session, second, now=stage.end - SEEN_AGO)
