"""The search index follows the directory and can prove it."""

import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.search import Document, IndexBusy, SearchGateway, SearchRequest
from referral_hub.models import PendingIndex, StoredCard
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import IndexNotReady, SignInNeeded
from referral_hub.use_cases.maintain_index import (
    Verification,
    catch_up_index,
    expect_new_day,
    rebuild_index,
    verify_index,
)
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.transaction import transaction
from tests.factories import (
    a_directory,
    a_location,
    a_service,
    an_address,
    an_organization,
    uid,
)
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Importer

OPERATOR = System()
GAZETTEER = FakeGazetteer()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchGateway]:
    made = SearchGateway(tmp_path / "index")
    yield made
    made.close()


class BusyIndex:
    """An index that another process is writing."""

    def apply(self, *_: object) -> None:
        raise IndexBusy

    def rebuild(self, *_: object) -> int:
        raise IndexBusy

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        yield from ()


def found(index: SearchGateway, words: str) -> list[str]:
    return [hit.service_id for hit in index.search(SearchRequest(words)).hits]


def verified(session: Session, index: SearchGateway, now: datetime) -> Verification:
    return verify_index(session, OPERATOR, index, GAZETTEER, now=now)


def test_a_new_service_is_found_after_catching_up(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    index.rebuild(())
    load(a_directory())
    assert catch_up_index(session, OPERATOR, index, GAZETTEER, now=now) == 1
    assert found(index, "eviction") == [uid("service")]
    assert catch_up_index(session, OPERATOR, index, GAZETTEER, now=now) == 0


def test_a_vanished_service_is_found_no_more(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load(a_directory())
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    load([an_organization()])
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert found(index, "eviction") == []
    assert verified(session, index, now).agrees


def test_a_rebuild_keeps_no_card_of_a_service_that_there_is_no_more(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load(a_directory())
    lost = StoredCard(key=uid("lost"), service_id=UUID(uid("lost")), content="")
    with transaction(session):
        session.add(lost)
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert session.scalars(select(StoredCard.service_id)).all() == [UUID(uid("service"))]


def test_a_busy_index_leaves_the_work_waiting(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    with pytest.raises(IndexBusy):
        catch_up_index(session, OPERATOR, BusyIndex(), GAZETTEER, now=now)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(PendingIndex)) == 1


def test_verify_names_what_is_missing_stale_and_surplus(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load(a_directory())
    document = f"{uid('service')}:{uid('location')}"
    index.rebuild(())
    assert verified(session, index, now).missing == (document,)
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert verified(session, index, now).agrees
    load(a_directory(description="New words."))
    assert verified(session, index, now).stale == (document,)
    load([an_organization()])
    assert verified(session, index, now).surplus == (document,)


def test_what_changes_while_rebuilding_is_caught_up_afterwards(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load(a_directory())

    class Meanwhile:
        """While the index is built, the listing changes."""

        def rebuild(self, documents: object, progress: object) -> int:
            built = list(documents)  # type: ignore[call-overload]
            load(a_directory(description="Changed meanwhile."))
            return index.rebuild(built)

    rebuild_index(session, OPERATOR, Meanwhile(), GAZETTEER, now=now)  # type: ignore[arg-type]
    assert catch_up_index(session, OPERATOR, index, GAZETTEER, now=now) == 1
    assert verified(session, index, now).agrees


def test_hours_with_dates_are_indexed_again_each_day(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    season = {
        "id": uid("season"), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00",
        "closes_at": "17:00", "valid_from": "2026-11-01", "valid_to": "2026-12-31",
    }  # fmt: skip
    load(a_directory(schedules=[season]))
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    later = now + timedelta(days=60)
    assert not verified(session, index, later).agrees
    assert expect_new_day(session, OPERATOR, now=later) == 1
    catch_up_index(session, OPERATOR, index, GAZETTEER, now=later)
    assert verified(session, index, later).agrees


def test_only_the_hub_itself_looks_after_the_index(
    session: Session, index: SearchGateway, now: datetime
) -> None:
    with pytest.raises(SignInNeeded):
        rebuild_index(session, Anonymous(), index, GAZETTEER, now=now)


def test_the_street_of_a_confidential_place_is_not_in_the_index(
    load: Importer, session: Session, index: SearchGateway, now: datetime, tmp_path: Path
) -> None:
    location = a_location(addresses=[an_address(address_1="987 Zanzibarstreet")])
    load([an_organization(services=[a_service(location=location)])])
    protect_location(session, OPERATOR, UUID(uid("location")), GAZETTEER, VAULT, now=now)
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert found(index, "Zanzibarstreet") == found(index, "987") == []
    files = [path for path in (tmp_path / "index").rglob("*") if path.is_file()]
    assert not any(b"zanzibar" in path.read_bytes().lower() for path in files)


def test_every_radius_around_a_confidential_place_is_answered_for_its_zip_code(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    location = a_location(latitude=41.9, longitude=-87.6)
    load([an_organization(services=[a_service(location=location)])])
    protect_location(session, OPERATOR, UUID(uid("location")), GAZETTEER, VAULT, now=now)
    load([an_organization(services=[a_service(location=location)])])
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    (hit,) = index.search(SearchRequest(latitude=41.85, longitude=-87.67, radius_km=1)).hits
    assert hit.distance_km == 0


def test_a_damaged_index_is_an_error_that_says_what_to_do_and_rebuild_repairs_it(
    load: Importer, session: Session, index: SearchGateway, now: datetime, tmp_path: Path
) -> None:
    load(a_directory())
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    (tmp_path / "index" / "current").write_text("garbage")
    damaged = SearchGateway(tmp_path / "index")
    with pytest.raises(IndexNotReady, match="index rebuild"):
        found(damaged, "eviction")
    rebuild_index(session, OPERATOR, damaged, GAZETTEER, now=now)
    assert found(damaged, "eviction") == [uid("service")]
    damaged.close()


def test_who_comes_late_to_the_index_writes_nothing_older_than_it_holds(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    load(a_directory())

    class Late:
        """Before this one may write, another process indexes the same service anew."""

        def apply(self, documents: Iterable[Document], removed: Collection[str]) -> None:
            load(a_directory(description="Newer words."))
            catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
            index.apply(documents, removed)

    index.rebuild(())
    catch_up_index(session, OPERATOR, Late(), GAZETTEER, now=now)  # type: ignore[arg-type]
    assert verified(session, index, now).agrees


@pytest.mark.parametrize("lost", ["never made", "folder", "pointer"])
def test_a_change_makes_no_index_of_itself_alone_where_the_whole_one_is_lost(
    load: Importer, session: Session, index: SearchGateway, now: datetime, lost: str, tmp_path: Path
) -> None:
    load(a_directory())
    if lost != "never made":
        rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    if lost == "folder":
        shutil.rmtree(tmp_path / "index")
    if lost == "pointer":
        (tmp_path / "index" / "current").unlink()
    load(a_directory(description="New words."))
    with pytest.raises(IndexNotReady, match="index rebuild"):
        catch_up_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert not (tmp_path / "index" / "current").exists()
    with pytest.raises(IndexNotReady):
        verified(session, index, now)
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert verified(session, index, now).agrees


def test_two_links_of_a_service_to_one_place_are_one_document(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    place = a_location()
    links = [{"id": uid(name), "location": place} for name in ("first link", "second link")]
    load([an_organization(services=[a_service(service_at_locations=links)])])
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert verified(session, index, now).agrees


def test_a_telephone_service_is_found_by_its_language(
    load: Importer, session: Session, index: SearchGateway, now: datetime
) -> None:
    spanish = [{"id": uid("language"), "name": "Spanish"}]
    load([an_organization(services=[a_service(languages=spanish)])])
    rebuild_index(session, OPERATOR, index, GAZETTEER, now=now)
    assert index.search(SearchRequest(languages=("Spanish",))).total == 1
