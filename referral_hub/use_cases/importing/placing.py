"""Which point stands for a location: its stated one if it can be believed, else its ZIP's."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.formats.records import Severity
from referral_hub.models import Location
from referral_hub.rules.coordinates import Bounds, judge_coordinates
from referral_hub.rules.places import Place, area_basis
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.staging import StagedRow, Staging

Row = dict[str, Any]


class Gazetteer(Protocol):
    """What an import asks about geography; answered without a network."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """The middle of a ZIP code, else of a city."""

    def state_bounds(self, state: str) -> Sequence[Bounds]:
        """The boxes that hold a state; none when it is not known."""

    def time_zone_of(self, postal_code: str) -> str | None:
        """The time zone of a ZIP code."""


class Placing:
    """Adds point, basis and time zone to rows of locations."""

    def __init__(
        self, session: Session, staging: Staging, gazetteer: Gazetteer, report: ImportReport
    ) -> None:
        self._session = session
        self._staging = staging
        self._gazetteer = gazetteer
        self._report = report

    def place(self, batch: list[StagedRow], rows: list[Row], secret: set[UUID]) -> None:
        """Fill in the point of each row, and report every coordinate that was not believed. Those
        of `secret` become confidential with this import."""
        addresses = self._staging.contents_by_target(
            "address", "location", [staged.id for staged in batch]
        )
        confidential = secret | set(
            self._session.execute(
                select(Location.id).where(
                    Location.id.in_([row["id"] for row in rows]), Location.confidential
                )
            ).scalars()
        )
        for staged, row in zip(batch, rows, strict=True):
            stated = addresses.get(staged.id, [])
            if row["id"] not in confidential:
                self._judge(staged, row, stated)
            else:
                row |= {"point_latitude": None, "point_longitude": None, "point_basis": "none"}
            self._approximate(row, stated, confidential=row["id"] in confidential)

    def _judge(self, staged: StagedRow, row: Row, addresses: list[Mapping[str, Any]]) -> None:
        state = next((a["state_province"] for a in addresses if a["state_province"]), "")
        judged = judge_coordinates(
            row["latitude"], row["longitude"], self._gazetteer.state_bounds(state)
        )
        row |= {
            "point_latitude": judged.latitude,
            "point_longitude": judged.longitude,
            "point_basis": str(judged.basis),
        }
        if judged.code:
            self._report.say(
                Severity.WARNING,
                judged.code,
                judged.reason,
                origin=staged.origin,
                table="location",
                record=staged.key,
                field="latitude, longitude",
                value=f"{row['latitude']}, {row['longitude']}",
            )

    def _approximate(
        self, row: Row, addresses: list[Mapping[str, Any]], *, confidential: bool
    ) -> None:
        """Only a physical address says where a place is; where mail goes does not.

        A confidential place is never nearer than its area, so any address will do for that.
        """
        row["time_zone"] = next(
            filter(None, (self._gazetteer.time_zone_of(a["postal_code"]) for a in addresses)), None
        )
        physical = [a for a in addresses if a["address_type"] == "physical"]
        address = next(iter(physical or (addresses if confidential else [])), None)
        if address is None or row["point_latitude"] is not None:
            return
        if row["location_type"] != "physical" and not confidential:
            return
        found = self._gazetteer.approximate_point(
            address["postal_code"], address["city"], address["state_province"]
        )
        if found is not None:
            row["point_latitude"], row["point_longitude"] = found.latitude, found.longitude
            row["point_basis"] = area_basis(found)
            row["time_zone"] = row["time_zone"] or found.time_zone
