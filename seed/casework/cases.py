"""The story of a client at their agency: first talk, needs, consent, referrals, plan, end."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from referral_hub.models import Client, Consent, Need
from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.client_profile import CATEGORY_OF, Profile
from referral_hub.rules.clients import CaseEnd, NeedStatus, NoteKind
from referral_hub.rules.consent import (
    ALWAYS,
    SENSITIVE,
    Category,
    Method,
    RevokedBy,
    Signer,
)
from referral_hub.rules.referral_lifecycle import OPEN, TERMINAL, Status
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.clients import add_client, close_case
from referral_hub.use_cases.consents import record_consent, revoke_consent
from referral_hub.use_cases.goals import add_goal, add_step, close_goal, mark_step
from referral_hub.use_cases.household import add_member
from referral_hub.use_cases.needs import add_need, close_need
from referral_hub.use_cases.steps.new_consent import NewConsent
from referral_hub.use_cases.tasks import add_task, mark_task
from referral_hub.use_cases.weigh_case import weigh_case
from seed.casework.cast import Company
from seed.casework.chance import Chance
from seed.casework.lives import live
from seed.casework.plots import Plot, draw
from seed.casework.profiles import household_of, made_up_profile
from seed.casework.stage import Sent, Stage
from seed.casework.words import say
from seed.demo_network import DemoService

Story = Iterator[datetime]
USUAL_CATEGORIES = ALWAYS | {Category.HOUSEHOLD, Category.INCOME_AND_BENEFITS, Category.DOCUMENTS}
SENSITIVE_FOR = {
    "health": Category.HEALTH,
    "legal": Category.LEGAL,
    "safety": Category.VIOLENCE,
    "education": Category.EDUCATION_RECORDS,
}
"""What an agency of an area is told, where the client agreed to it."""
KINDS_OF_HELP = {
    "housing": 5, "food": 3, "health": 3.5, "legal": 2, "money": 2.5, "work": 2, "education": 2,
    "family": 2, "safety": 0.8, "transport": 0.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """A referral that somebody is to make, and what is to become of it where that is settled."""

    at: datetime
    plot: Plot | None = None
    to: str | None = None
    receiver: Acting | None = None


@dataclass(slots=True)
class Given:
    """A consent as the story remembers it."""

    id: UUID
    recipients: frozenset[UUID] | None
    categories: frozenset[Category]
    ends: datetime | None
    row: Consent

    def covers(self, agency_id: UUID, categories: frozenset[Category], at: datetime) -> bool:
        """Whether a referral can rest on it."""
        return (
            self.row.revoked_at is None
            and (self.ends is None or at + timedelta(days=7) < self.ends)
            and (self.recipients is None or agency_id in self.recipients)
            and categories <= self.categories
        )


@dataclass(slots=True)
class Case:
    """A client at their agency, with all that the story needs to go on."""

    stage: Stage
    chance: Chance
    number: int
    company: Company
    worker: Acting
    orders: list[Order]
    stays: bool = False
    client_id: UUID = field(init=False)
    client: Client = field(init=False)
    profile: Profile = field(init=False)
    needs: dict[str, Need] = field(default_factory=dict)
    consents: list[Given] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    goals: list[tuple[UUID, list[UUID]]] = field(default_factory=list)
    tasks: list[UUID] = field(default_factory=list)

    @property
    def has_begun(self) -> bool:
        """Whether the client has come."""
        return hasattr(self, "client")

    def story(self) -> Story:
        """From the first talk to the end of the case."""
        stage, chance = self.stage, self.chance
        self._begin()
        for order in self.orders:
            if order.at > stage.now:
                yield order.at
            self._refer(order)
            self._work_on()
        if chance.happens(0.03):
            yield stage.later(20)
            self._take_back_consent()
        yield stage.later(8 * chance.choice((15, 25, 40)))
        self._look_back()
        for _ in range(4):
            if self.stays or not all(each.status in TERMINAL for each in self.sent):
                yield stage.later(8 * 20)
        if not self.stays and all(each.status in TERMINAL for each in self.sent):
            self._end()

    def _begin(self) -> None:
        stage, chance, session = self.stage, self.chance, self.stage.session
        today = stage.now.date()
        victim_services = self.company.victim_services
        self.profile = made_up_profile(chance, self.number, today, careful=victim_services)
        self.client_id = add_client(
            session, self.worker, self.profile, stage.vault, worker_id=self.worker.person_id,
            acuity=chance.one_of({1: 1, 2: 3, 3: 4, 4: 2, 5: 0.6}), anyway=True, now=stage.now,
        )  # fmt: skip
        self.client = session.get_one(Client, self.client_id)
        self._weigh()
        if chance.happens(0.2):
            for member in household_of(chance, self.profile, today):
                add_member(session, self.worker, self.client_id, member, stage.vault, now=stage.now)
        self._note(NoteKind.INTAKE)
        if chance.happens(0.5):
            self._note(NoteKind.ASSESSMENT)
        self._goal()

    def _weigh(self) -> None:
        """Most workers say soon what a case weighs; how it weighs on them, less often."""
        stage, chance = self.stage, Chance(f"weight of {self.number}")
        if chance.happens(0.15):
            return
        careful = self.company.victim_services
        weigh_case(
            stage.session, self.worker, self.client_id, acuity=self.client.acuity,
            intensity=chance.one_of({1: 3, 2: 4, 3: 1.5}), travels=chance.happens(0.3),
            trauma=chance.happens(0.6 if careful else 0.15), now=stage.now,
        )  # fmt: skip

    def _note(self, kind: NoteKind) -> None:
        text = say(self.chance, "notes", kind.value)
        add_note(
            self.stage.session, self.worker, self.client_id, kind, text, self.stage.vault,
            now=self.stage.now,
        )  # fmt: skip

    def _goal(self) -> None:
        stage, chance = self.stage, self.chance
        due_on = stage.day(chance.choice((30, 60, 90)))
        goal_id = add_goal(
            stage.session, self.worker, self.client_id, say(chance, "goals"), stage.vault,
            due_on=due_on if chance.happens(0.7) else None, now=stage.now,
        )  # fmt: skip
        steps = []
        for _ in range(chance.choice((0, 2, 3))):
            text = say(chance, "goals", "steps")
            steps.append(
                add_step(
                    stage.session, self.worker, self.client_id, goal_id, text, stage.vault,
                    now=stage.now,
                )
            )  # fmt: skip
        self.goals.append((goal_id, steps))

    def _refer(self, order: Order) -> None:
        """Make a referral; its life then goes on by itself."""
        stage, chance = self.stage, self.chance
        company, service = self._whom_to_ask(order)
        code = chance.choice(service.needs)
        area = code.partition(".")[0]
        plot = order.plot or draw(chance, company.manner)
        categories = self._categories(area, chance)
        need = self._need(code)
        consent = self._consent(company, categories)
        receiver = order.receiver or self._receiver(company)
        reason = say(chance, "reasons", area)
        sent = stage.begin(
            self.worker, receiver, company, service, self.client_id, need.id, plot.priority,
            reason, categories, consent, send=plot.sends_in == 0,
        )  # fmt: skip
        self.sent.append(sent)
        life = live(stage, sent, plot, Chance(chance.random()), area)
        stage.timeline.add(stage.now, life)

    def _whom_to_ask(self, order: Order) -> tuple[Company, DemoService]:
        """An agency and a service of the kind that this client looks for; never one where a
        referral of theirs is open."""
        chance, own = self.chance, self.company
        taken = {
            each.service.service_id
            for each in self.sent
            if each.status in OPEN or each.status is Status.DRAFT
        }
        found: dict[tuple[str, DemoService], float] = {}
        for company in self.stage.companies.values():
            if company is own or (order.to and company.name != order.to):
                continue
            for service in company.services:
                area = service.needs[0].partition(".")[0]
                if service.service_id not in taken and company.receivers:
                    found[company.name, service] = KINDS_OF_HELP[area] / len(company.services)
        if not found:
            raise LookupError(f"client {self.number} has asked everybody")
        name, service = chance.one_of(found)
        return self.stage.companies[name], service

    def _receiver(self, company: Company) -> Acting:
        """Mostly the first one at the door."""
        first = company.receivers[0]
        return first if self.chance.happens(0.65) else self.chance.choice(company.receivers)

    def _categories(self, area: str, chance: Chance) -> frozenset[Category]:
        chosen = set(ALWAYS)
        chosen |= {each for each in USUAL_CATEGORIES - ALWAYS if chance.happens(0.6)}
        known = {
            category
            for name, category in CATEGORY_OF.items()
            if category in SENSITIVE and getattr(self.profile, name) not in ("", None)
        }
        wanted = SENSITIVE_FOR.get(area)
        if wanted in known and chance.happens(0.5):
            chosen.add(wanted)
        if Category.SUBSTANCE_USE in known and area == "health" and chance.happens(0.4):
            chosen.add(Category.SUBSTANCE_USE)
        return frozenset(chosen)

    def _need(self, code: str) -> Need:
        stage, chance = self.stage, self.chance
        need = self.needs.get(code)
        if need is None or need.status != NeedStatus.OPEN:
            need_id = add_need(
                stage.session, self.worker, self.client_id, code, stage.vault,
                urgency=chance.choice((1, 2, 2, 3)), importance=chance.choice((1, 2, 3, 3)),
                acuity=chance.choice((1, 2, 3, 3, 4, 5)), detail=say(chance, "needs"),
                now=stage.now,
            )  # fmt: skip
            need = self.needs[code] = stage.session.get_one(Need, need_id)
        return need

    def _consent(self, company: Company, categories: frozenset[Category]) -> UUID:
        """A consent that covers it: one that is there, or a new one."""
        stage = self.stage
        for given in self.consents:
            if given.covers(company.id, categories, stage.now):
                return given.id
        return self._new_consent(company, categories).id

    def _new_consent(self, company: Company, categories: frozenset[Category]) -> Given:
        stage, chance, own = self.stage, self.chance, self.company
        sensitive = bool(categories & SENSITIVE)
        strict = own.victim_services or sensitive
        witness = next((each for each in own.everybody if each is not self.worker), None)
        methods = {Method.SIGNED_ON_PAPER: 4.0, Method.SIGNED_ELECTRONICALLY: 4.0}
        if not strict and witness is not None:
            methods[Method.VERBAL_WITH_WITNESS] = 3
        method = chance.one_of(methods)
        spoken = method is Method.VERBAL_WITH_WITNESS
        any_partner = not strict and chance.happens(0.55)
        recipients = frozenset[UUID]() if any_partner else frozenset({company.id})
        if not any_partner and not own.victim_services:
            others = [each.id for each in stage.companies.values() if each is not own]
            recipients |= frozenset(chance.sample(others, 2))
        covered = categories | (USUAL_CATEGORIES if not own.victim_services else frozenset())
        last_on = stage.day(chance.choice((90, 180, 365, 365)))
        lasting = last_on if strict or chance.happens(0.8) else None
        young = self.profile.birth_date is not None and (
            stage.now.date() - self.profile.birth_date < timedelta(days=365 * 18)
        )
        spoken_in = self.profile.languages[0]
        new = NewConsent(
            purpose="To refer me to agencies that may help, and to hear what came of it.",
            categories=covered,
            recipients=recipients,
            method=method,
            given_on=stage.day(0),
            last_on=lasting,
            any_partner=any_partner,
            signer=Signer.GUARDIAN if young else Signer.CLIENT,
            signer_basis="Parent with custody" if young else "",
            witness_id=witness.person_id if spoken and witness else None,
            language=spoken_in,
            document="" if spoken else f"Form {self.number:04}-{len(self.consents) + 1}",
        )
        consent_id = record_consent(
            stage.session, self.worker, self.client_id, new, stage.vault, now=stage.now
        )
        row = stage.session.get_one(Consent, consent_id)
        given = Given(consent_id, None if any_partner else recipients, covered, row.expires_at, row)
        self.consents.append(given)
        return given

    def _work_on(self) -> None:
        """What a worker does besides: notes, tasks, needs that are met."""
        stage, chance = self.stage, self.chance
        if chance.happens(0.25):
            kinds = (NoteKind.CONTACT, NoteKind.CONTACT, NoteKind.MONITORING, NoteKind.PLAN)
            self._note(chance.choice(kinds))
        if self.tasks and chance.happens(0.75):
            mark_task(
                stage.session, self.worker, self.client_id, self.tasks.pop(), done=True,
                now=stage.now,
            )  # fmt: skip
        if chance.happens(0.3):
            due_on = stage.day(chance.choice((2, 5, 10, 20)))
            task_id = add_task(
                stage.session, self.worker, self.client_id, say(chance, "tasks"), stage.vault,
                urgency=chance.choice((1, 2, 3)), importance=chance.choice((1, 2, 3)),
                due_on=due_on, assignee_id=self.worker.person_id, now=stage.now,
            )  # fmt: skip
            self.tasks.append(task_id)
        for goal_id, steps in self.goals:
            if steps and chance.happens(0.3):
                mark_step(
                    stage.session, self.worker, self.client_id, goal_id, steps.pop(0), done=True,
                    now=stage.now,
                )  # fmt: skip

    def _take_back_consent(self) -> None:
        stage = self.stage
        for given in self.consents:
            if given.row.revoked_at is None:
                by = self.chance.choice((RevokedBy.IN_PERSON, RevokedBy.PHONE, RevokedBy.WRITING))
                revoke_consent(
                    stage.session, self.worker, self.client_id, given.id, by, now=stage.now
                )
                return

    def _look_back(self) -> None:
        """Close what is done."""
        stage, chance = self.stage, self.chance
        while self.tasks and chance.happens(0.9):
            mark_task(
                stage.session, self.worker, self.client_id, self.tasks.pop(), done=True,
                now=stage.now,
            )  # fmt: skip
        met = {each.row.need_id for each in self.sent if each.status is Status.COMPLETED}
        for need in self.needs.values():
            if need.id in met and need.status == NeedStatus.OPEN:
                became = chance.one_of({NeedStatus.MET: 4, NeedStatus.PARTLY_MET: 1})
                close_need(
                    stage.session, self.worker, self.client_id, need.id, became, now=stage.now
                )
        goal_id, _ = self.goals[0]
        if chance.happens(0.5):
            close_goal(
                stage.session, self.worker, self.client_id, goal_id,
                reached=chance.happens(0.7), now=stage.now,
            )  # fmt: skip
            self._note(NoteKind.EVALUATION)

    def _end(self) -> None:
        reason = self.chance.one_of(
            {CaseEnd.GOALS_REACHED: 5, CaseEnd.CLIENT_ENDED: 2, CaseEnd.LOST_CONTACT: 2,
             CaseEnd.MOVED: 1, CaseEnd.TRANSFERRED: 0.5}
        )  # fmt: skip
        close_case(self.stage.session, self.worker, self.client_id, reason, now=self.stage.now)
