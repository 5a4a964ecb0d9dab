"""The ZIP codes as arrays, and the file that keeps them."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from referral_hub.gateways.zip_table import STREETS, Rows, ZipTable


@pytest.fixture(scope="module")
def table(zip_folder: Path) -> ZipTable:
    return ZipTable.load(zip_folder)


def rows(table: ZipTable, *codes: str) -> Rows:
    return np.array([table.row_of(code) for code in codes])


# The file


def test_only_the_prepared_file_is_left_in_the_folder(zip_folder: Path) -> None:
    assert [path.suffix for path in zip_folder.iterdir()] == [".npz"]


def test_a_torn_file_is_made_anew_and_says_the_same(
    table: ZipTable, zip_folder: Path, tmp_path: Path
) -> None:
    kept = next(zip_folder.iterdir())
    torn = tmp_path / kept.name
    torn.write_bytes(kept.read_bytes()[:5000])
    built = ZipTable.load(tmp_path)
    for field in fields(ZipTable):
        np.testing.assert_array_equal(getattr(table, field.name), getattr(built, field.name))
    assert torn.read_bytes() == kept.read_bytes()


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert ZipTable.load(tmp_path / "file" / "folder").row_of("94110") is not None


# The columns


def test_the_columns_have_one_row_for_each_zip_code(table: ZipTable) -> None:
    columns = (
        "latitude",
        "longitude",
        "by_latitude",
        "standing",
        "state",
        "city",
        "county",
        "zone",
    )
    assert {len(getattr(table, column)) for column in columns} == {len(table.code)}
    assert len(table.code) > 42_000
    assert (np.sort(table.by_latitude) == np.arange(len(table.code))).all()


def test_no_point_stands_at_zero_zero(table: ZipTable) -> None:
    assert not ((table.latitude == 0) & (table.longitude == 0)).any()


def test_every_time_zone_is_one(table: ZipTable) -> None:
    assert all(b"/" in label for label in table.zone_label)
    row = table.row_of("20599")
    assert row is not None
    assert table.text_at("zone", row) == "America/New_York"


# Look-ups


def test_a_zip_code_is_found_exactly(table: ZipTable) -> None:
    row = table.row_of("94110")
    assert row is not None
    assert table.code[row] == b"94110"
    assert [table.row_of(code) for code in ("9411", "00000", "99999", "")] == [None] * 4


def test_a_city_of_its_own_comes_before_one_that_is_only_accepted(table: ZipTable) -> None:
    chicago = table.rows_named("chicago")["IL"]
    assert table.row_of("60804") not in chicago  # Cicero, where mail to "Chicago" arrives too
    assert table.row_of("60629") in chicago


def test_names_that_sort_outside_all_others_are_unknown(table: ZipTable) -> None:
    assert table.rows_named("0") == table.rows_named("zzzz") == table.rows_named("") == {}


def test_the_centre_leaves_out_strays_and_post_boxes(table: ZipTable) -> None:
    chicago = rows(table, "60608", "60609", "60616")
    assert (table.standing[chicago] == STREETS).all()
    assert table.centre(np.append(chicago, rows(table, "94110"))) == table.centre(chicago)
    assert table.centre(np.append(chicago, rows(table, "60690"))) == table.centre(chicago)


def test_the_centre_of_two_places_far_apart_is_one_of_them(table: ZipTable) -> None:
    apart = rows(table, "60629", "94110")
    assert table.centre(apart) == table.centre(apart[:1])


def test_the_centre_of_rows_without_points_is_unknown(table: ZipTable) -> None:
    assert table.centre(rows(table, "09001")) is None


def test_the_nearest_zip_code_has_streets_unless_none_is_near(table: ZipTable) -> None:
    nearest = table.nearest_row(41.8858, -87.6181)
    assert nearest is not None
    assert table.standing[nearest] == STREETS
    assert table.nearest_row(0.0, 0.0) is None


def test_the_nearest_zip_code_may_lie_across_the_180th_meridian(table: ZipTable) -> None:
    nearest = table.nearest_row(51.85, -177.5 + 360)
    assert nearest == table.row_of("99546")
