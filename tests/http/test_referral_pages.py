"""The pages of referrals: three steps to send one, the inbox, and one referral with its moves."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    AuditRow,
    IntakeQuestion,
    Need,
    Notice,
    Referral,
    ReferralEvent,
    ServiceNeed,
)
from referral_hub.rules.intake import AnswerKind
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.clients import add_client
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.network import own_day
from tests.referral_acts import Played, a_draft, a_sent_one, in_status
from tests.referral_world import A_PROFILE


@pytest.fixture
def around(app: Flask, sqlite_session: Session) -> dict[str, object]:
    """The vault of the hub, and a moment ago."""
    return {
        "vault": app.extensions[EXTENSION].vault,
        "now": datetime.now(UTC) - timedelta(seconds=30),
    }


@pytest.fixture
def draft(sqlite_session: Session, around: dict[str, object]) -> Played:
    """A draft."""
    return a_draft(sqlite_session, **around)  # type: ignore[arg-type]


@pytest.fixture
def sent(sqlite_session: Session, around: dict[str, object]) -> Played:
    """A referral that was sent."""
    return a_sent_one(sqlite_session, **around)


def digest_on(page: str) -> str:
    """What stands for the preview on a page."""
    (digest,) = re.findall(r'name="preview_digest" value="([0-9a-f]{64})"', page)
    return str(digest)


def test_a_client_is_referred_in_three_steps(browse: Opener, draft: Played) -> None:
    worker = browse(draft.world.sender.case_manager)
    service = draft.world.receiver.service_id
    start = f"/referrals/new?client={draft.client.id}&service={service}"
    assert "Rosa Quintero-Vega" in worker.page(start)
    made = worker.send(
        "/referrals/new", start, client=draft.client.id, service_id=service,
        need_id=draft.need.id,
    )  # fmt: skip
    share = made.headers["Location"]
    assert share.endswith("/share")
    shown = worker.page(share)
    assert "To get food" in shown
    followed = worker.send(
        share, version=1, priority="urgent", reason="Nothing left to eat.",
        categories=["household"], consent_id=draft.consent.id,
    )  # fmt: skip
    review = followed.headers["Location"]
    page = worker.page(review)
    assert "exactly what Lawndale Legal Aid will see" in page
    assert "Nothing left to eat." in page
    assert "Asthma" not in page
    assert "violent" not in page
    (version,) = re.findall(r'name="version" value="(\d+)"', page)
    assert version == "2"
    done = worker.send(review, version=version, preview_digest=digest_on(page), note="")
    assert done.status_code == 303
    assert "The referral is sent" in worker.page(done.headers["Location"])


def test_what_the_service_asks_is_asked_with_the_reason_and_nothing_typed_is_lost(
    browse: Opener, draft: Played, sqlite_session: Session
) -> None:
    asked = {
        kind: IntakeQuestion(
            id=uuid4(), service_id=draft.world.receiver.service_id, text=f"Asked: {kind}",
            answer_kind=kind, choices="Daley Center\nMarkham", required=kind == "number",
        )
        for kind in AnswerKind
    }  # fmt: skip
    sqlite_session.add_all(asked.values())
    sqlite_session.commit()
    worker = browse(draft.world.sender.case_manager)
    receiver = browse(draft.world.receiver.intake_worker)
    path = f"/referrals/{draft.referral_id}"
    page = worker.page(f"{path}/share")
    fields = dict(re.findall(r'name="(shown\.[^"]+)" value="([^"]+)"', page))
    assert len(fields) == len(AnswerKind)
    answers = {
        "text": "Locked out.", "number": "many", "date": "2026-12-01", "yes_no": "yes",
        "choice": "Markham",
    }  # fmt: skip
    fields |= {f"answers.{asked[AnswerKind(kind)].id}": text for kind, text in answers.items()}
    number = f"answers.{asked[AnswerKind.NUMBER].id}"
    fields |= {"version": draft.row.version, "priority": "routine", "reason": "No lease."}
    fields |= {"categories": "household", "consent_id": draft.consent.id}

    answer = worker.send(f"{path}/share", **fields)
    assert answer.status_code == 422
    assert f'<a href="#{number}">Asked: number</a>: Answer with a number' in answer.text
    assert draft.row.version == fields["version"]
    for kept in ("Locked out.</textarea>", 'value="many"', 'value="2026-12-01"'):
        assert kept in answer.text
    assert re.search(r'value="yes" id="answers\.[^"]+-yes" checked', answer.text)
    assert '<option value="Markham" selected>' in answer.text

    worker.send(f"{path}/share", **{**fields, number: ""})
    assert "Answer it: Asked: number" in worker.page(f"{path}/review")
    worker.send(f"{path}/share", **{**fields, number: "3", "version": draft.row.version})
    page = worker.page(f"{path}/review")
    for words in ("Locked out.", "3", "December 1, 2026", "Yes", "Markham"):
        assert f'<dd class="as-written">{words}</dd>' in page
    done = worker.send(
        f"{path}/review", version=draft.row.version, preview_digest=digest_on(page), note=""
    )
    assert done.status_code == 303
    received = receiver.page(path)
    assert '<dt>Asked: text</dt><dd class="as-written">Locked out.</dd>' in received


def test_what_lacks_is_said_before_sending_and_nothing_goes(browse: Opener, draft: Played) -> None:
    worker = browse(draft.world.sender.case_manager)
    path = f"/referrals/{draft.referral_id}"
    worker.send(f"{path}/share", version=1, priority="routine", reason="", consent_id="")
    page = worker.page(f"{path}/review")
    assert "Say in a few words why" in page
    assert "There is no consent for this" in page
    assert "Send to Lawndale" not in page
    answer = worker.send(
        f"{path}/review", version=draft.row.version, preview_digest=digest_on(page), note=""
    )
    assert answer.status_code == 422
    assert draft.row.status == "draft"


def test_what_changed_since_one_looked_is_shown_anew_and_nothing_typed_is_lost(
    browse: Opener, draft: Played, sqlite_session: Session
) -> None:
    worker = browse(draft.world.sender.case_manager)
    path = f"/referrals/{draft.referral_id}/review"
    page = worker.page(path)
    sqlite_session.get_one(Need, draft.need.id).urgency = 3
    sqlite_session.commit()
    version = draft.row.version
    note = "The first one got lost."
    fields = {"version": version, "note": note}
    answer = worker.send(path, preview_digest=digest_on(page), **fields)
    assert answer.status_code == 409
    assert "has changed since you looked" in answer.text
    assert note in answer.text
    assert '<dd class="as-written">High</dd>' in answer.text
    assert draft.row.status == "draft"
    assert worker.send(path, preview_digest=digest_on(answer.text), **fields).status_code == 303


def test_a_preview_says_what_goes_first_where_conflicts_are_looked_for(
    browse: Opener, draft: Played, sqlite_session: Session
) -> None:
    sqlite_session.get_one(Agency, draft.world.receiver.agency_id).conflict_check = True
    sqlite_session.commit()
    worker = browse(draft.world.sender.case_manager)
    page = worker.page(f"/referrals/{draft.referral_id}/review")
    assert "must look for a conflict of interest first" in page
    assert "After that check they see the rest" in page


def test_the_receiver_sees_exactly_what_was_shared(browse: Opener, sent: Played) -> None:
    page = browse(sent.world.receiver.intake_worker).page(f"/referrals/{sent.referral_id}")
    assert "Rosa" in page
    assert "Lost her job in May." in page
    for kept in ("Asthma", "violent partner", "1900", "1,900"):
        assert kept not in page


def test_nobody_else_sees_anything(browse: Opener, sent: Played) -> None:
    world, path = sent.world, f"/referrals/{sent.referral_id}"
    unknown = f"/referrals/{uuid4()}"
    for person in (
        world.stranger.case_manager, world.stranger.supervisor, world.receiver.administrator,
        world.sender.administrator, world.steward,
    ):  # fmt: skip
        browser = browse(person)
        for page in (path, f"{path}/moves/accept", f"{path}/review"):
            answer, other = browser.get(page), browser.get(page.replace(path, unknown))
            assert answer.status_code == other.status_code, (person, page)
            assert answer.status_code in (403, 404)
            assert answer.text == other.text


def test_a_draft_is_not_there_for_the_receiver(browse: Opener, draft: Played) -> None:
    browse(draft.world.receiver.intake_worker).page(f"/referrals/{draft.referral_id}", 404)


def test_opening_changes_nothing_and_confirming_is_a_form(browse: Opener, sent: Played) -> None:
    worker = browse(sent.world.receiver.intake_worker)
    path = f"/referrals/{sent.referral_id}"
    worker.page(path)
    assert sent.row.status == "sent"
    worker.send(f"{path}/acknowledge", path, version=sent.row.version)
    assert sent.row.status == "acknowledged"


def test_accepting_asks_for_what_it_needs(browse: Opener, sent: Played) -> None:
    worker = browse(sent.world.receiver.intake_worker)
    path = f"/referrals/{sent.referral_id}/moves/accept"
    version = sent.row.version
    answer = worker.send(path, version=version, assignee_id="", first_contact_by="")
    assert answer.status_code == 422
    assert "Choose who takes it on." in answer.text
    soon = (datetime.now(UTC) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    mine = sent.world.receiver.intake_worker.person_id
    done = worker.send(path, version=version, assignee_id=mine, first_contact_by=soon)
    assert done.status_code == 303
    assert sent.row.status == "accepted"


def test_who_was_slower_is_told_and_keeps_what_they_wrote(browse: Opener, sent: Played) -> None:
    worker = browse(sent.world.receiver.intake_worker)
    path = f"/referrals/{sent.referral_id}/moves/ask"
    version = sent.row.version
    sent.move(Move.ACKNOWLEDGE)
    answer = worker.send(path, version=version, question="Does she have a lease?")
    assert answer.status_code == 409
    assert "Somebody changed this referral meanwhile" in answer.text
    assert "Does she have a lease?" in answer.text
    assert sent.row.status == "acknowledged"


@pytest.mark.parametrize(
    ("status", "asked"), [("accepted", True), ("on_hold", True), ("in_progress", False)]
)
def test_completing_asks_when_work_began_where_nobody_said(
    browse: Opener, sqlite_session: Session, around: dict[str, object], status: str, asked: bool
) -> None:
    played = in_status(sqlite_session, status, **around)
    path = f"/referrals/{played.referral_id}/moves/complete"
    page = browse(played.world.receiver.intake_worker).page(path)
    assert ('name="contacted_at"' in page and 'name="began_at"' in page) is asked


def test_a_move_that_cannot_be_made_has_no_form(browse: Opener, sent: Played) -> None:
    sender = browse(sent.world.sender.case_manager)
    sender.page(f"/referrals/{sent.referral_id}/moves/accept", 404)
    sender.page(f"/referrals/{sent.referral_id}/moves/nonsense", 404)


def test_question_and_answer_go_to_and_fro(browse: Opener, sent: Played) -> None:
    world, path = sent.world, f"/referrals/{sent.referral_id}"
    intake, sender = browse(world.receiver.intake_worker), browse(world.sender.case_manager)
    intake.send(f"{path}/moves/ask", version=sent.row.version, question="Any lease?")
    assert "Any lease?" in sender.page(f"{path}/moves/answer")
    sender.send(f"{path}/moves/answer", version=sent.row.version, answer="Until May.")
    assert "Until May." in intake.page(path)


def test_messages_and_tries_are_recorded(
    browse: Opener, sqlite_session: Session, around: dict[str, object]
) -> None:
    played = in_status(sqlite_session, "accepted", **around)
    path = f"/referrals/{played.referral_id}"
    intake = browse(played.world.receiver.intake_worker)
    sender = browse(played.world.sender.case_manager)
    intake.send(f"{path}/messages", path, text="We will call on Monday.")
    assert "We will call on Monday." in sender.page(path)
    intake.send(f"{path}/contacts", path, method="call", note="Her brother answered.")
    assert played.row.status == "accepted"
    intake.send(f"{path}/contacts", path, method="call", reached="true")
    assert played.row.status == "in_progress"
    assert "Her brother answered." in intake.page(path)
    assert "Her brother answered." not in sender.page(path)


def test_several_are_confirmed_and_assigned_at_once(
    browse: Opener, sqlite_session: Session, around: dict[str, object]
) -> None:
    first = a_sent_one(sqlite_session, **around)
    second = a_sent_one(sqlite_session, world=first.world, **around)
    intake = browse(first.world.receiver.intake_worker)
    ids: list[UUID] = [first.referral_id, second.referral_id]
    page = intake.page("/inbox")
    assert page.count("Rosa Quintero-Vega") >= 2
    assert len(ticks(page)) == 2
    done = intake.send("/inbox/acknowledge", "/inbox", referral_id=ticks(page))
    assert "2 confirmed" in intake.page(done.headers["Location"])
    who = first.world.receiver.case_manager.person_id
    seen = ticks(intake.page("/inbox"))
    intake.send("/inbox/assign", "/inbox", referral_id=seen, assignee_id=who)
    rows = sqlite_session.scalars(select(Referral).where(Referral.id.in_(ids))).all()
    sqlite_session.rollback()
    assert {row.assignee_id for row in rows} == {who}
    again = intake.send("/inbox/acknowledge", "/inbox", referral_id=ticks(intake.page("/inbox")))
    assert again.status_code == 409
    assert "0 confirmed, 2 not" in again.text


def test_of_several_those_that_changed_are_told_of_and_the_others_are_done(
    browse: Opener, sqlite_session: Session, around: dict[str, object]
) -> None:
    first = a_sent_one(sqlite_session, **around)
    second = a_sent_one(sqlite_session, world=first.world, **around)
    intake = browse(first.world.receiver.intake_worker)
    seen = ticks(intake.page("/inbox"))
    first.move(Move.ACKNOWLEDGE)
    who = first.world.receiver.case_manager.person_id
    answer = intake.send("/inbox/assign", "/inbox", referral_id=seen, assignee_id=who)
    assert answer.status_code == 409
    assert "1 assigned, 1 not" in answer.text
    assert f'<a href="#tick-{first.referral_id}">Rosa' in answer.text
    assert "Somebody changed this referral meanwhile" in answer.text
    assert f'<a href="#tick-{second.referral_id}">' not in answer.text
    assert (first.row.assignee_id, second.row.assignee_id) == (None, who)


def test_nothing_is_confirmed_or_assigned_of_which_no_version_was_seen(
    browse: Opener, sent: Played
) -> None:
    intake = browse(sent.world.receiver.intake_worker)
    path = f"/referrals/{sent.referral_id}"
    who = sent.world.receiver.case_manager.person_id
    for answer in (
        intake.send(f"{path}/acknowledge", path),
        intake.send(f"{path}/assign", path, assignee_id=who),
        intake.send("/inbox/acknowledge", "/inbox", referral_id=[sent.referral_id]),
        intake.send("/inbox/assign", "/inbox", referral_id=[sent.referral_id], assignee_id=who),
    ):
        assert answer.status_code == 422
    old = sent.row.version
    sent.move(Move.ACKNOWLEDGE)
    assert intake.send(f"{path}/assign", path, assignee_id=who, version=old).status_code == 409
    assert (sent.row.status, sent.row.assignee_id) == ("acknowledged", None)


def ticks(page: str) -> list[str]:
    """What the boxes of a list send when they are ticked."""
    return re.findall(r'name="referral_id" value="([^"]+)"', page)


def test_nothing_is_ticked_and_nothing_happens(browse: Opener, sent: Played) -> None:
    intake = browse(sent.world.receiver.intake_worker)
    answer = intake.send("/inbox/acknowledge", "/inbox")
    assert answer.status_code == 422
    assert "Tick at least one" in answer.text


def test_lists_show_only_ones_own(browse: Opener, sent: Played) -> None:
    world = sent.world
    assert "Rosa" in browse(world.sender.case_manager).page("/referrals?waiting=them")
    assert "Rosa" in browse(world.receiver.supervisor).page("/inbox")
    for person in (world.stranger.case_manager, world.stranger.supervisor):
        browser = browse(person)
        for page in ("/inbox", "/inbox?waiting=open", "/inbox?view=board", "/referrals"):
            assert "Rosa" not in browser.page(page)
    for path in ("/inbox", "/referrals"):
        browse(world.steward).page(path, 403)
        browse(world.receiver.administrator).page(path, 403)


def test_my_day_shows_what_waits(browse: Opener, sent: Played) -> None:
    assert "New, and nobody works on it" in browse(sent.world.receiver.intake_worker).page("/")
    assert "Waits on other agencies" in browse(sent.world.sender.case_manager).page("/")
    assert "Find services near you" in browse().page("/")
    assert "Find services near you" in browse(sent.world.steward).page("/")


def test_a_wrong_address_of_a_list_is_explained(browse: Opener, sent: Played) -> None:
    intake = browse(sent.world.receiver.intake_worker)
    for query in ("waiting=never", "page=0", "page=x", "status=lost", "unknown=1"):
        intake.page(f"/inbox?{query}", 422)


def test_each_act_by_page_says_so(browse: Opener, sent: Played) -> None:
    kinds = select(ReferralEvent.channel).where(ReferralEvent.referral_id == sent.referral_id)
    assert set(sent.session.scalars(kinds)) == {"page"}


def test_recording_consent_on_the_way_comes_back_to_the_draft(
    browse: Opener, draft: Played
) -> None:
    worker = browse(draft.world.sender.case_manager)
    share = f"/referrals/{draft.referral_id}/share"
    to_consent = f"/clients/{draft.client.id}/consents/new?agency={draft.world.receiver.agency_id}"
    left = worker.send(
        share,
        version=1,
        priority="routine",
        reason="Half a reason",
        next=f"{to_consent}&next={share}",
    )
    assert left.headers["Location"].endswith(f"{to_consent}&next={share}")
    page = worker.page(left.headers["Location"])
    (ticked,) = [line for line in page.splitlines() if " checked" in line and "recipients" in line]
    assert str(draft.world.receiver.agency_id) in ticked
    today = own_day(datetime.now(UTC))
    done = worker.send(
        f"/clients/{draft.client.id}/consents/new", left.headers["Location"],
        next=share, purpose="To get food", categories=["basic_contact", "need"],
        recipients=[draft.world.receiver.agency_id], method="signed_on_paper", signer="client",
        language="en", given_on=today, last_on=today + timedelta(days=90), document="Cabinet 3",
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert done.headers["Location"].endswith(share)
    assert "Half a reason" in worker.page(share)


@pytest.mark.parametrize("next_path", ["https://elsewhere.example/", "//elsewhere.example"])
def test_a_form_leads_to_no_other_site(browse: Opener, draft: Played, next_path: str) -> None:
    worker = browse(draft.world.sender.case_manager)
    share = f"/referrals/{draft.referral_id}/share"
    sent = worker.send(share, version=1, priority="routine", reason="x", next=next_path)
    assert sent.status_code == 303
    assert "elsewhere" not in sent.headers["Location"]


def test_who_has_no_client_in_mind_chooses_one_and_goes_on(browse: Opener, draft: Played) -> None:
    worker = browse(draft.world.sender.case_manager)
    wanted = f"/referrals/new?service={draft.world.receiver.service_id}"
    sent_on = worker.get(wanted)
    assert sent_on.status_code == 303
    choice = sent_on.headers["Location"]
    assert "Go on with this client" in worker.page(choice)
    chosen = worker.send("/find/client", choice, client_id=draft.client.id, next=wanted)
    assert chosen.headers["Location"].endswith(wanted)
    assert "Refer Rosa Quintero-Vega" in worker.page(wanted)


def test_who_calls_in_the_minute_of_accepting_is_believed(
    browse: Opener, draft: Played, sqlite_session: Session
) -> None:
    draft.move(Move.SEND)
    draft.move(Move.ACCEPT)
    worker = browse(draft.world.receiver.intake_worker)
    accepted_at = draft.row.accepted_at
    assert accepted_at is not None
    local = accepted_at.astimezone(ZoneInfo("America/Chicago"))
    done = worker.send(
        f"/referrals/{draft.referral_id}/contacts", f"/referrals/{draft.referral_id}",
        method="call", reached="true", occurred_at=local.strftime("%Y-%m-%dT%H:%M"), note="",
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert draft.row.first_contact_at == accepted_at


def test_more_is_shared_after_a_look_at_exactly_what_goes(browse: Opener, sent: Played) -> None:
    worker = browse(sent.world.sender.case_manager)
    base = f"/referrals/{sent.referral_id}"
    assert f'href="{base}/more"' in worker.page(base)
    page = worker.page(f"{base}/more")
    assert "This is exactly what" not in page
    looked = worker.send(f"{base}/more", look="yes", categories=["household"], preview_digest="x")
    assert looked.status_code == 200
    assert "exactly what is added for Lawndale Legal Aid" in looked.text
    assert "Asthma" not in looked.text
    digest = digest_on(looked.text)
    other = worker.send(f"{base}/more", categories=["basic_contact"], preview_digest=digest)
    assert other.status_code == 409
    assert "has changed since you looked" in other.text
    nothing = worker.send(f"{base}/more", preview_digest=digest)
    assert (nothing.status_code, "at least one" in nothing.text) == (422, True)
    done = worker.send(f"{base}/more", categories=["household"], preview_digest=digest)
    assert done.status_code == 303
    assert "It is shared" in worker.page(done.headers["Location"])


def test_sharing_without_consent_says_why_and_keeps_what_was_typed(
    browse: Opener, sent: Played
) -> None:
    worker = browse(sent.world.sender.case_manager)
    path = f"/referrals/{sent.referral_id}/more"
    fields = {"categories": ["immigration"], "override_reason": "She is in danger."}
    looked = worker.send(path, look="yes", preview_digest="x", **fields)
    refused = worker.send(path, preview_digest=digest_on(looked.text), **fields)
    assert refused.status_code == 422
    assert "never shared without consent" in refused.text
    assert "She is in danger." in refused.text


def test_who_accepts_says_whose_client_it_is(
    browse: Opener, sent: Played, sqlite_session: Session
) -> None:
    staff = sent.world.receiver
    path = f"/referrals/{sent.referral_id}/moves/accept"
    worker = browse(staff.intake_worker)
    assert "Whose record is it?" not in worker.page(path)
    ours = add_client(sqlite_session, staff.intake_worker, A_PROFILE, sent.vault, now=sent.now)
    page = worker.page(path)
    assert "Our client Rosa Quintero-Vega" in page
    assert f'href="/clients/{ours}"' in page
    in_a_day = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    searched = select(func.count()).where(AuditRow.action == "client:search")
    told = sqlite_session.scalar(searched)
    for other in ("", "/moves/decline", "/moves/ask"):
        worker.page(f"/referrals/{sent.referral_id}{other}")
    sqlite_session.rollback()
    assert sqlite_session.scalar(searched) == told, "nobody was shown, so the audit says nothing"
    worker.send(
        path, version=sent.row.version, assignee_id=staff.intake_worker.person_id,
        first_contact_by=in_a_day, receiver_client_id=ours,
    )  # fmt: skip
    assert sent.row.receiver_client_id == ours


def test_a_steward_voids_a_referral_and_learns_nothing_of_the_client(
    browse: Opener, sent: Played
) -> None:
    steward = browse(sent.world.steward)
    path = f"/network/referrals/{sent.referral_id}"
    assert str(sent.referral_id) in steward.page("/network/referrals")
    by_number = steward.page(f"/network/referrals?number=+{sent.referral_id}+")
    assert f'href="{path}"' in by_number
    assert "There is no such referral" in steward.page(f"/network/referrals?number={uuid4()}")
    assert f'href="{path}"' in steward.page("/network/referrals?number=&page=1")
    wrong = steward.get("/network/referrals?number=Rosa")
    assert (wrong.status_code, "not the number of a referral" in wrong.text) == (422, True)
    page = steward.page(path)
    assert "Lawndale Legal Aid" in page
    for kept in ("Rosa", "Quintero", "Lost her job", "food"):
        assert kept not in page
    refused = steward.send(path, version=sent.row.version, note="")
    assert refused.status_code == 422
    assert "Write a note" in refused.text
    done = steward.send(path, version=sent.row.version, note="Sent twice.")
    assert done.status_code == 303
    assert sent.row.status == "voided"
    assert "There is no such referral" in steward.page(f"/network/referrals/{uuid4()}")


def test_a_need_is_chosen_for_nobody_where_the_service_does_not_answer_it(
    browse: Opener, draft: Played, sqlite_session: Session
) -> None:
    worker, service = browse(draft.world.sender.case_manager), draft.world.receiver.service_id
    start = f"/referrals/new?client={draft.client.id}&service={service}"
    chosen = re.compile(r'name="need_id"[^>]* checked')
    assert not chosen.search(worker.page(start))
    sqlite_session.rollback()
    sqlite_session.add(ServiceNeed(service_id=service, need_code="food", basis="stated"))
    sqlite_session.commit()
    assert chosen.search(worker.page(start))


def test_the_news_of_a_referral_are_read_by_a_deliberate_act(
    browse: Opener, sent: Played, sqlite_session: Session
) -> None:
    who = sent.world.receiver.intake_worker
    notice = Notice(
        person_id=who.person_id, agency_id=who.agency_id, kind="arrived", mail="never",
        referral_id=sent.referral_id, created_at=sent.now,
    )  # fmt: skip
    sqlite_session.add(notice)
    sqlite_session.commit()
    worker, path = browse(who), f"/referrals/{sent.referral_id}"
    for _ in range(2):
        assert "Mark its news as read" in worker.page(path)
    worker.send(f"{path}/read", path)
    assert "Mark its news as read" not in worker.page(path)


def test_the_receiver_says_how_it_goes(browse: Opener, sent: Played) -> None:
    worker, path = browse(sent.world.receiver.intake_worker), f"/referrals/{sent.referral_id}"
    answer = worker.send(f"{path}/check-in", path, progress="")
    assert answer.status_code == 422
    assert "Write a word on how it goes." in answer.get_data(as_text=True)
    worker.send(f"{path}/check-in", path, progress="She moves in on Friday.")
    assert "She moves in on Friday." in browse(sent.world.sender.case_manager).page(path)


def test_phones_are_written_as_people_write_them_and_can_be_dialled(
    browse: Opener, sent: Played
) -> None:
    page = browse(sent.world.receiver.intake_worker).page(f"/referrals/{sent.referral_id}")
    assert '<a href="tel:+17735550143">(773) 555-0143</a>' in page


def test_after_consent_was_taken_back_each_page_says_who_learns_what(
    browse: Opener, sent: Played
) -> None:
    sent.move(Move.ACCEPT)
    sender, receiver = (
        browse(staff) for staff in (sent.world.sender.case_manager, sent.whose(Move.ACCEPT))
    )
    path, learns = f"/referrals/{sent.referral_id}", "learns the status only"
    assert "Both agencies can read it." in receiver.page(f"{path}/moves/hold")
    assert "Send the message" in receiver.page(path)
    sent.take_back_consent()
    for browser in (sender, receiver):
        page = browser.page(path)
        assert learns in page
        assert "Send the message" not in page
    assert "You keep what you got and go on" in receiver.page(path)
    assert "Works on it" in receiver.page(path)
    assert "Works on it" not in sender.page(path)
    assert "It stays with your agency" in receiver.page(f"{path}/moves/hold")
    assert "Both agencies can read it." in sender.page(f"{path}/moves/request_withdrawal")
