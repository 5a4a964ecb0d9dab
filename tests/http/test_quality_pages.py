"""The page on the quality of the directory: each number, and the list behind it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import Correction, SearchCount, Service
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from tests.duplicate_world import first_source, key, look, second_source
from tests.fakes import FakeGazetteer
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser
from tests.network import STEWARD, VAULT, Network


@pytest.fixture(autouse=True)
def directory(network: Network, sqlite_session: Session) -> None:
    for source, documents in (("first", first_source()), ("second", second_source())):
        import_documents(
            sqlite_session, System(), documents, ImportOptions(source),
            gazetteer=FakeGazetteer(), vault=VAULT, report=ImportReport(source, "", dry_run=False),
            now=network.long_ago,
        )  # fmt: skip
    look(sqlite_session, network.long_ago + timedelta(minutes=1))
    sqlite_session.execute(
        update(Service).where(Service.id == key("first service")).values(
            verified_on=network.now.date())
    )  # fmt: skip
    sqlite_session.add(
        Correction(
            table_name="service", record_id=key("first service"), field="name",
            listing_table="service", listing_id=key("first service"), origin="form",
            proposed_by="anonymous", proposed_at=network.now - timedelta(days=12),
        )
    )  # fmt: skip
    sqlite_session.add(
        Correction(
            table_name="address", record_id=key("first place address"), field="city",
            listing_table="location", listing_id=key("first place"), origin="form",
            proposed_by="anonymous", proposed_at=network.now,
        )
    )  # fmt: skip
    for area, band, searches in (("606", "0", 7), ("606", "20+", 3), ("IL:cook county", "0", 2)):
        sqlite_session.add(
            SearchCount(
                day=network.now.date(), term="legal.home.eviction-defense", area=area, band=band,
                searches=searches,
            )
        )  # fmt: skip
    sqlite_session.add(
        SearchCount(
            day=network.now.date() - timedelta(days=200), term="food", area="606", band="0",
            searches=99,
        )
    )  # fmt: skip
    sqlite_session.commit()


@pytest.fixture
def steward(network: Network, browse: Opener) -> Browser:
    return browse(network.person("Stella Steward", None, STEWARD))


def test_a_steward_sees_how_good_the_directory_is(steward: Browser) -> None:
    html = steward.page("/network/quality")
    assert 'aria-label="1, Up to 3 months"' in html
    assert 'aria-label="1, Never verified"' in html
    assert 'aria-label="1, Services that may be listed twice"' in html
    assert 'aria-label="1, Up to a month"' in html
    assert "ZIP 606xx" in html
    assert "7 of 10 searches" in html
    assert "Cook County, IL" in html
    assert ">99<" not in html


def test_the_list_behind_a_number_has_what_the_number_counts(steward: Browser) -> None:
    here = "/network/quality/services"
    assert "1 service" in steward.page(here, age="never", area="606")
    assert "Eviction defense" in steward.page(here, age="never")
    assert "2 services" in steward.page(here, duplicate="1")
    assert "1 service" in steward.page(here, correction="1")
    assert "2 services" in steward.page(here, missing="documents", need="legal")
    assert "0 services" in steward.page(here, need="food")
    assert "There is none" in steward.page(here, area="999")
    assert "0 services" in steward.page(here, area="-", need="-")
    assert "Choose an age" in steward.page(here, 422, age="old-ish")
    waiting = steward.page("/network/quality/corrections")
    assert f'href="/services/{key("first service")}"' in waiting
    place = f"/listings/locations/{key('first place')}"
    assert f'href="{place}"' in waiting
    assert "Fair Homes Legal Aid" in steward.page(place)


def test_filters_stand_in_the_address_and_narrow_everything(steward: Browser) -> None:
    html = steward.page("/network/quality", area="606", need="legal", show="stale")
    assert "1 of 2 services" in html
    assert '<option value="606" selected>' in html
    assert "Choose a need" in steward.page("/network/quality", 422, need="<b>")
    assert "Choose what the map shows" in steward.page("/network/quality", 422, show="x")


def test_the_numbers_come_as_a_file_without_formulas(
    steward: Browser, sqlite_session: Session
) -> None:
    answer = steward.get("/network/quality.csv")
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0].startswith("by,key,name,services,")
    assert any(line.startswith("area,606,ZIP 606xx,2,1,0,0,0,1,") for line in lines)
    assert any(line.startswith("need,legal,") for line in lines)
    assert lines[-1].startswith("all,,All,2,")
    sqlite_session.add(SearchCount(day=steward_day(sqlite_session), term="", area="=1+1",
                                   band="0", searches=1))  # fmt: skip
    sqlite_session.commit()
    assert "'=1+1" in steward.get("/network/quality.csv").text


def steward_day(session: Session) -> object:
    found = session.get_one(Service, key("first service")).verified_on
    session.rollback()
    return found


def test_merged_services_count_once(steward: Browser, sqlite_session: Session) -> None:
    gone: UUID = key("second service")
    sqlite_session.execute(
        update(Service).where(Service.id == gone).values(
            merged_into=key("first service"), vanished_at=Service.created_at)
    )  # fmt: skip
    sqlite_session.commit()
    assert "1 service" in steward.page("/network/quality/services")
