"""What the demo county lists is listed already, and is found to be."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import DuplicateCandidate
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from seed.demo_county import COUNTY_SOURCE, county_documents
from seed.demo_network import demo_documents
from tests.duplicate_world import OPERATOR, look
from tests.fakes import FakeGazetteer
from tests.network import VAULT


def test_each_agency_that_the_county_lists_is_found_twice(
    sqlite_session: Session, now: datetime
) -> None:
    def load(documents: Iterable[dict[str, Any]], source: str) -> None:
        import_documents(
            sqlite_session, OPERATOR, documents, ImportOptions(source),
            gazetteer=FakeGazetteer(), vault=VAULT,
            report=ImportReport(source, "", dry_run=False), now=now,
        )  # fmt: skip

    load(demo_documents(now.date()), "demo")
    load(county_documents(), COUNTY_SOURCE)
    look(sqlite_session, now)
    kinds = [pair.table_name for pair in sqlite_session.scalars(select(DuplicateCandidate))]
    assert (kinds.count("organization"), kinds.count("location")) == (3, 3)
    assert kinds.count("service") >= 2
