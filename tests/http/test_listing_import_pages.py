"""Listings from a file, in a browser without scripts."""

import csv
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from referral_hub.models import (
    AgencyOrganization,
    ListingImport,
    ListingImportPage,
    Organization,
    Phone,
    Service,
)
from referral_hub.rules.actor import System
from referral_hub.use_cases import listing_imports
from referral_hub.use_cases import run_listing_imports as running
from referral_hub.use_cases.forget_expired import forget_expired
from referral_hub.use_cases.run_listing_imports import run_listing_imports
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser, text_of
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, Network
from tests.spreadsheets import a_row, csv_of, rows, workbook_of

PATH = "/listings/import"


@dataclass
class Office:
    """An agency with an organization of its own, and its administrator's browser."""

    app: Flask
    network: Network
    agency: UUID
    organization: UUID
    browser: Browser

    def send(self, content: bytes, name: str = "list.csv", **fields: object) -> str:
        """Send a file; the address of its import."""
        answer = self.browser.post(
            PATH, file=(BytesIO(content), name), organization_id=str(self.organization), **fields
        )
        assert answer.status_code == 303, text_of(answer)
        return answer.headers["Location"].removesuffix("/columns")

    def columns(self, job: str, **chosen: str) -> str:
        """Take the columns as they are guessed, but for those that are chosen."""
        page = self.browser.page(f"{job}/columns")
        fields = {}
        for number, select_ in enumerate(page.split("<select")[1:]):
            name = f"column-{number}"
            held = [each for each in select_.split("<option") if " selected" in each]
            fields[name] = held[0].split('value="')[1].split('"')[0] if held else ""
        known = {"column-0": "id", "column-2": "description"} if "Ref" in page else {}
        return self.browser.done(f"{job}/columns", **{**fields, **known, **chosen})

    def work(self) -> int:
        """Let the worker do what waits."""
        hub = self.app.extensions[EXTENSION]
        self.network.session.rollback()
        with self.app.app_context():
            return run_listing_imports(
                self.network.session, System("worker"), hub.vault, hub.gazetteer,
                now=self.network.now,
            )  # fmt: skip

    def checked(self, content: bytes, name: str = "list.csv", **fields: object) -> str:
        """Send a file and have it looked through."""
        job = self.send(content, name, **fields)
        self.columns(job)
        self.work()
        return job

    def loaded(self, content: bytes, **fields: object) -> str:
        """Send a file and have it loaded."""
        job = self.checked(content, **fields)
        self.browser.done(f"{job}/load")
        self.work()
        return job

    def services(self) -> dict[str, str]:
        """Services by name, with their status."""
        self.network.session.expire_all()
        found = self.network.session.execute(select(Service.name, Service.status)).all()
        return {row[0]: row[1] for row in found}

    def count(self, model: type) -> int:
        self.network.session.rollback()
        return self.network.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def office(app: Flask, network: Network, browse: Opener) -> Office:
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    organization = network.organization("Harbor Kitchen")
    tie = AgencyOrganization(organization_id=organization, agency_id=agency)
    network.session.add(tie)
    network.session.commit()
    return Office(app, network, agency, organization, browse(admin))


def test_a_file_goes_in_by_columns_preview_and_load(office: Office) -> None:
    content = csv_of(rows(20, 2))
    job = office.send(content)
    page = office.browser.page(f"{job}/columns")
    assert "pantry1@example.org" in page
    assert "The hub has guessed" in page
    assert "is being looked through" in office.columns(job, **{"column-1": "name"})
    assert 'http-equiv="refresh"' in office.browser.page(job)
    assert office.work() == 1
    seen = office.browser.page(job)
    assert 'http-equiv="refresh"' not in seen
    assert "<strong>2 rows</strong>" in seen
    assert "Line 11" in seen
    assert office.services() == {}
    office.browser.done(f"{job}/load")
    assert office.work() == 1
    assert len(office.services()) == 18
    owners = office.network.session.scalars(select(Service.organization_id)).all()
    assert set(owners) == {office.organization}
    assert office.count(Organization) == 1
    assert "Take it back" in office.browser.page(job)


def test_every_broken_row_is_explained_by_line_and_reason(office: Office) -> None:
    job = office.checked(csv_of(rows(100, 10)))
    answer = office.browser.get(f"{job}/problems.csv")
    found = list(csv.DictReader(StringIO(text_of(answer))))
    refused = [row for row in found if row["what_became_of_it"] == "not loaded"]
    assert [int(row["line"]) for row in refused] == list(range(11, 102, 10))
    assert all(row["reason"] for row in refused)
    reasons = {row["reason"].split(":")[0] for row in refused}
    assert {"no name", "blank row"} <= reasons
    assert any("13 fields" in reason for reason in reasons)


def test_cells_of_the_file_of_problems_are_no_formulas(office: Office) -> None:
    table = rows(3, 0)
    table[1][8] = '=HYPERLINK("http://evil.example")'
    job = office.checked(csv_of(table))
    found = text_of(office.browser.get(f"{job}/problems.csv"))
    assert "HYPERLINK" in found
    assert "'=HYPERLINK" in found


def test_a_workbook_is_read_like_the_same_table_as_csv(office: Office) -> None:
    table = rows(20, 0)
    table[5][1], table[10], table[15][1] = "", [""] * 10, ""
    job = office.checked(workbook_of(table), "list.xlsx")
    page = office.browser.page(job)
    assert "<strong>2 rows</strong>" in page
    assert "Line 6" in page
    assert "Line 16" in page


def test_the_mapping_is_remembered_for_the_next_file_with_the_same_columns(office: Office) -> None:
    job = office.send(csv_of(rows(2, 0)))
    office.columns(job, **{"column-9": "fees"})
    page = office.browser.page(f"{office.send(csv_of(rows(3, 0)))}/columns")
    assert "as in your last file" in page
    assert '<option value="fees" selected>' in page


def test_two_columns_cannot_become_the_same(office: Office) -> None:
    job = office.send(csv_of(rows(2, 0)))
    twice = {f"column-{number}": "email" for number in (0, 8)} | {"column-1": "name"}
    page = office.browser.wrong(f"{job}/columns", **twice)
    assert "“Ref” becomes this already." in page
    assert "Say which column holds a name" in office.browser.wrong(
        f"{job}/columns", **{"column-8": "email"}
    )


def test_every_change_shows_before_and_after(office: Office) -> None:
    table = rows(3, 0)
    office.loaded(csv_of(table))
    table[1][2] = "Food and clothes"
    page = office.browser.page(office.checked(csv_of(table)), show="change")
    assert 'data-label="Before">Food for everybody<' in page
    assert 'data-label="After">Food and clothes<' in page


def test_rows_of_another_organization_are_refused_with_a_reason(office: Office) -> None:
    table = [[*row, "Agency" if at == 0 else "Harbor KITCHEN"] for at, row in enumerate(rows(3, 0))]
    table[2][-1] = "Somebody Else"
    job = office.loaded(csv_of(table))
    assert office.services().keys() == {"Pantry 1", "Pantry 3"}
    page = office.browser.page(job, show="problem")
    assert "belongs to “Somebody Else”, and this import is for “Harbor Kitchen” only" in page


def test_records_of_other_sources_are_not_touched(office: Office) -> None:
    theirs = office.network.organization("Elsewhere")
    made = Service(
        name="Theirs", status="active", organization_id=theirs, visibility="public",
        created_at=office.network.long_ago, updated_at=office.network.long_ago,
    )  # fmt: skip
    office.network.session.add(made)
    office.network.session.commit()
    table = rows(2, 0)
    table[1][0] = str(made.id)
    job = office.loaded(csv_of(table))
    assert office.services()["Theirs"] == "active"
    assert "imported from another source" in office.browser.page(job, show="problem")


def test_what_a_file_leaves_out_stays_unless_it_has_everything(office: Office) -> None:
    office.loaded(csv_of(rows(3, 0)))
    office.loaded(csv_of(rows(2, 0)))
    assert set(office.services().values()) == {"active"}
    office.loaded(csv_of(rows(2, 0)), complete="true")
    assert office.services()["Pantry 3"] == "inactive"


def test_an_import_is_taken_back(office: Office) -> None:
    table = rows(3, 0)
    office.loaded(csv_of(table))
    phones = office.count(Phone)
    table[1][2], table[2][7] = "Clothes", ""
    table.append(a_row(9))
    job = office.loaded(csv_of(table))
    assert office.services()["Pantry 9"] == "active"
    assert office.count(Phone) == phones
    office.browser.done(f"{job}/undo")
    assert office.work() == 1
    assert office.services()["Pantry 9"] == "inactive"
    assert office.count(Phone) == phones
    texts = office.network.session.scalars(select(Service.description)).all()
    assert "Clothes" not in texts
    assert "Taken back" in office.browser.page(job)
    assert office.browser.post(f"{job}/undo").status_code == 409


def test_what_was_changed_since_is_left_alone_and_listed(office: Office) -> None:
    table = rows(2, 0)
    office.loaded(csv_of(table))
    table[1][2] = table[2][2] = "Clothes"
    job = office.loaded(csv_of(table))
    service = office.network.session.scalars(select(Service).where(Service.name == "Pantry 1"))
    service.one().description = "Shoes"
    office.network.session.commit()
    office.browser.done(f"{job}/undo")
    office.work()
    office.network.session.expire_all()
    described = dict(
        office.network.session.execute(select(Service.name, Service.description)).all()
    )
    assert described == {"Pantry 1": "Shoes", "Pantry 2": "Food for everybody"}
    assert "was changed since" in office.browser.page(job)


def test_a_file_that_holds_nothing_usable_says_so_and_changes_nothing(office: Office) -> None:
    job = office.checked(csv_of(rows(3, 3)))
    page = office.browser.page(job)
    assert "Could not be done" in page
    assert "Nothing in this file can be loaded" in page


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"<html>", "a.csv"), (b"PK\x03\x04nonsense", "a.xlsx"), (b"hello", "a.txt"),
     (b"\x00\xff", "a.bin"), (b"[", "a.json")],
)  # fmt: skip
def test_what_is_no_such_file_is_refused_at_once_or_when_it_is_read(
    office: Office, content: bytes, name: str
) -> None:
    answer = office.browser.post(
        PATH, file=(BytesIO(content), name), organization_id=str(office.organization)
    )
    if answer.status_code == 303:
        office.work()
        job = answer.headers["Location"].removesuffix("/columns")
        assert "Could not be done" in office.browser.page(job)
    else:
        assert answer.status_code == 422
        assert "Please check what you entered" in text_of(answer)


@pytest.mark.parametrize(
    ("header", "reason"),
    [(["Site", *map(str, range(300))], "more than 300 columns"),
     (["Site", "x" * 400], "short names of columns")],
)  # fmt: skip
def test_a_table_that_no_page_could_show_is_refused_at_once(
    office: Office, header: list[str], reason: str
) -> None:
    content = csv_of([header, ["Soup"] * len(header)])
    answer = office.browser.post(
        PATH, file=(BytesIO(content), "a.csv"), organization_id=str(office.organization)
    )
    assert answer.status_code == 422
    assert reason in text_of(answer)


def test_an_archive_that_unpacks_to_too_much_is_refused_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing_imports, "MOST_UNPACKED", 100)
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        archive.writestr("services.csv", "id,name\n" * 20)
    answer = office.browser.post(
        PATH, file=(BytesIO(content.getvalue()), "a.zip"),
        organization_id=str(office.organization),
    )  # fmt: skip
    assert answer.status_code == 422
    assert "unpacks to more" in text_of(answer)


def test_a_file_with_more_records_than_are_loaded_in_time_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_RECORDS", 20)
    page = office.browser.page(office.checked(csv_of(rows(20, 0))))
    assert "more than 20 records. Split it." in page


def test_what_is_another_agency_s_by_now_is_not_taken_back(office: Office) -> None:
    table = rows(2, 0)
    job = office.loaded(csv_of(table))
    office.browser.done(f"{job}/undo")
    tie = office.network.session.scalars(select(AgencyOrganization)).one()
    tie.agency_id = office.network.agency("Elsewhere Aid")
    office.network.session.commit()
    office.work()
    assert set(office.services().values()) == {"active"}
    assert "not the agency’s own any more" in office.browser.page(job)


def test_a_file_of_hsds_needs_no_columns(office: Office) -> None:
    content = (
        b'[{"id": "1", "name": "Harbor Kitchen", "services": '
        b'[{"id": "2", "name": "Soup", "status": "active"}]}]'
    )
    job = office.send(content, "hsds.json")
    office.work()
    office.browser.done(f"{job}/load")
    office.work()
    assert office.services() == {"Soup": "active"}
    assert office.count(Organization) == 1


def test_nobody_else_sees_it(office: Office, network: Network, browse: Opener) -> None:
    job = office.checked(csv_of(rows(2, 0)))
    other = network.agency("Elsewhere Aid")
    stranger = browse(network.person("Nia Stranger", other, ADMINISTRATOR))
    worker = browse(network.person("Carl Case", office.agency, CASE_MANAGER))
    for path in (job, f"{job}/columns", f"{job}/problems.csv"):
        stranger.page(path, 404)
        worker.page(path, 403)
    answer = stranger.post(
        PATH, file=(BytesIO(b"a"), "a.csv"), organization_id=str(office.organization)
    )
    assert answer.status_code == 404
    worker.page(PATH, 403)


def test_a_steward_may_import_for_an_agency(
    office: Office, network: Network, browse: Opener
) -> None:
    steward = browse(network.person("Stella Steward", None, STEWARD))
    assert "Harbor Kitchen" in steward.page(PATH)
    answer = steward.post(
        PATH, file=(BytesIO(csv_of(rows(2, 0))), "a.csv"),
        organization_id=str(office.organization),
    )  # fmt: skip
    assert answer.status_code == 303


def test_a_worker_that_died_is_followed_by_another_and_the_load_happens_once(
    office: Office,
) -> None:
    job = office.checked(csv_of(rows(2, 0)))
    office.browser.done(f"{job}/load")
    row = office.network.session.scalars(select(ListingImport)).one()
    row.leased_until, row.attempts = office.network.now + timedelta(minutes=5), 1
    office.network.session.commit()
    assert office.work() == 0  # somebody has it
    row.leased_until = office.network.now - timedelta(seconds=1)
    office.network.session.commit()
    assert (office.work(), office.work()) == (1, 0)
    assert len(office.services()) == 2


def test_a_file_that_stops_its_worker_again_and_again_is_given_up(office: Office) -> None:
    job = office.send(csv_of(rows(2, 0)))
    office.columns(job)
    row = office.network.session.scalars(select(ListingImport)).one()
    row.attempts = 3
    office.network.session.commit()
    assert office.work() == 0
    assert "stopped several times" in office.browser.page(job)


def test_an_import_that_nobody_could_take_back_is_still_loaded(office: Office) -> None:
    job = office.loaded(csv_of(rows(2, 0)))
    office.browser.done(f"{job}/undo")
    row = office.network.session.scalars(select(ListingImport)).one()
    row.attempts = 3
    office.network.session.commit()
    office.work()
    page = office.browser.page(job)
    assert "stopped several times" in page
    assert "Take it back" in page


def test_files_and_previews_are_gone_after_a_week(office: Office) -> None:
    job = office.checked(csv_of(rows(2, 0)))
    assert office.count(ListingImportPage) > 0
    later = office.network.now + timedelta(days=8)
    forget_expired(office.network.session, System(), now=later)
    assert office.count(ListingImportPage) == 0
    row = office.network.session.scalars(select(ListingImport)).one()
    assert (row.content_sealed, row.state) == (None, "forgotten")
    assert "Not loaded" in office.browser.page(job)


def test_a_dropped_file_is_gone(office: Office) -> None:
    job = office.checked(csv_of(rows(2, 0)))
    assert "Nothing was loaded" in office.browser.done(f"{job}/drop")
    assert office.browser.post(f"{job}/load").status_code == 409
    assert office.count(ListingImportPage) == 0


def test_nothing_of_a_file_is_in_the_database_in_clear_before_it_is_loaded(
    office: Office, data_dir: Path
) -> None:
    table = rows(2, 0)
    table[1][2] = "kestrel plover"
    office.checked(csv_of(table))
    assert office.count(ListingImportPage) > 0
    kept = [path for path in data_dir.glob("hub.sqlite3*") if path.is_file()]
    assert kept
    assert not any(b"kestrel plover" in path.read_bytes() for path in kept)
