"""HSDS 1.0, 1.1 and 2.0 under today's names."""

import csv
import io
import json
from pathlib import Path

import pytest

from referral_hub.rules.hsds import TABLES
from tests.formats.conftest import ReadFiles
from tests.formats.reading import Reading, reading

SERVICES = "id,organization_id,name\ns1,o1,Pantry\n"


def test_both_addresses_become_one_table(read_files: ReadFiles) -> None:
    header = "id,location_id,address_1,address_2,address_3,city\n"
    read = read_files(
        {
            "physical_addresses.csv": header + "1,l1,1 Main St,Floor 2,Room 3,Chicago\n",
            "postal_addresses.csv": header + "1,l1,PO Box 1,,,Chicago\n",
        }
    )
    assert {(a.id, a.values["address_type"]) for a in read.all("address")} == {
        ("physical_address:1", "physical"),
        ("postal_address:1", "postal"),
    }
    assert read.all("address")[0].values["address_2"] == "Floor 2, Room 3"


def test_the_mail_address_of_an_organization_is_no_place_of_its_services(
    read_files: ReadFiles,
) -> None:
    header = "id,location_id,organization_id,address_1\n"
    read = read_files(
        {
            "services.csv": SERVICES,
            "postal_addresses.csv": header + ",,o1,PO Box 1\n,,o1,PO Box 2\n",
        }
    )
    place = read.one("location")
    assert (place.values, place.references) == (
        {"location_type": "postal"},
        {"organization_id": "o1"},
    )
    assert {a.references["location_id"] for a in read.all("address")} == {place.id}
    assert "service_at_location" not in read.counts


def test_the_address_of_a_place_stays_with_the_place(read_files: ReadFiles) -> None:
    text = "id,location_id,organization_id,address_1\n1,l1,o1,PO Box 1\n"
    read = read_files({"services.csv": SERVICES, "postal_addresses.csv": text})
    assert read.one("address").references == {"location_id": "l1"}
    assert "location" not in read.counts


@pytest.mark.parametrize("day", ["Monday", "monday", "Mon", "MO", "1"])
def test_weekdays_become_codes(read_files: ReadFiles, day: str) -> None:
    text = f"id,location_id,weekday,opens_at,closes_at\n1,l1,{day},9:00,17:00:00\n"
    assert read_files({"regular_schedules.csv": text}).one("schedule").values == {
        "freq": "WEEKLY",
        "byday": "MO",
        "opens_at": "09:00",
        "closes_at": "17:00:00",
    }


def test_a_weekday_that_is_none_is_left_out_with_a_warning(read_files: ReadFiles) -> None:
    text = "id,location_id,weekday,opens_at\n1,l1,Someday,9:00\n"
    read = read_files({"regular_schedules.csv": text})
    assert "byday" not in read.one("schedule").values
    assert read.problem("bad_weekday").value == "Someday"


def test_a_weekday_without_hours_stays_without(read_files: ReadFiles) -> None:
    text = "id,location_id,weekday,opens_at,closes_at\n,l1,Sunday,,\n,l1,Monday,9:00,17:00\n"
    read = read_files({"regular_schedules.csv": text})
    assert read.all("schedule")[0].values == {"freq": "WEEKLY", "byday": "SU"}
    assert "(once)" in read.problem("no_hours").reason


def holiday(read_files: ReadFiles, row: str) -> Reading:
    header = "id,location_id,start_date,end_date,closed,opens_at,closes_at\n"
    return read_files({"holiday_schedules.csv": header + row + "\n"})


def test_holidays_become_schedules_of_certain_dates(read_files: ReadFiles) -> None:
    read = holiday(read_files, '1,l1,"December 24, 2025",12/26/25,false,10:00,4:00 PM')
    assert read.one("schedule").values == {
        "valid_from": "2025-12-24",
        "valid_to": "2025-12-26",
        "opens_at": "10:00",
        "closes_at": "16:00",
    }


def test_a_closed_holiday_has_no_hours(read_files: ReadFiles) -> None:
    read = holiday(read_files, "1,l1,2025-12-25,2025-12-25,true,10:00,16:00")
    assert read.one("schedule").values == {
        "valid_from": "2025-12-25",
        "valid_to": "2025-12-25",
        "description": "Closed",
    }


@pytest.mark.parametrize("text", ['"January 01, 0001"', "05/06/2025", "soon"])
def test_dates_that_are_not_clear_stay_text_with_a_warning(
    read_files: ReadFiles, text: str
) -> None:
    read = holiday(read_files, f"1,l1,{text},{text},true,,")
    assert read.one("schedule").values == {"description": "Closed: " + text.strip('"')}
    assert read.codes == {"bad_date": 2}


def test_small_tables_are_added_to_their_service(read_files: ReadFiles) -> None:
    read = read_files(
        {
            "services.csv": "id,organization_id,name,fees\ns1,o1,Pantry,$5\n",
            "eligibility.csv": "id,service_id,eligibility\n"
            "1,s1,Adults\n2,s1,Veterans\n3,s1,adults\n",
            "payments_accepted.csv": "id,service_id,payment\n1,s1,Cash\n2,s1,Check\n",
            "interpretation_services.csv": "id,service_id,language\n1,s1,Polish\n",
        }
    )
    assert read.one("service").values == {
        "name": "Pantry",
        "eligibility_description": "Adults; Veterans",
        "fees_description": "$5; Accepted: Cash, Check",
        "interpretation_services": "Polish",
    }


def test_a_small_table_that_names_no_service_of_the_package_is_said(
    read_files: ReadFiles,
) -> None:
    read = read_files(
        {"services.csv": SERVICES, "fees.csv": "id,service_id,fee\n1,s1,$1\n2,gone,$2\n"}
    )
    assert read.problem("unknown_service").reason.startswith("1 services")


def test_a_vocabulary_becomes_a_taxonomy(read_files: ReadFiles) -> None:
    text = "id,name,parent_id,parent_name,vocabulary\n1,Food,,,Needs\n2,Bread,1,Food,Needs\n"
    read = read_files({"taxonomy.csv": text, "services.csv": SERVICES})
    assert read.one("taxonomy").values == {"name": "Needs"}
    bread = read.all("taxonomy_term")[1]
    assert bread.references == {"parent_id": "1", "taxonomy_id": read.one("taxonomy").id}
    assert read.problems == []


def test_terms_of_services_become_attributes(read_files: ReadFiles) -> None:
    read = read_files(
        {
            "services.csv": 'id,organization_id,name,taxonomy_ids\ns1,o1,Pantry,"1, 2"\n',
            "services_taxonomy.csv": "id,service_id,taxonomy_id,taxonomy_detail\n7,s1,3,Halal\n",
            "service_attributes.csv": "id,service_id,taxonomy_term_id\n7,s1,4\n",
            "other_attributes.csv": "id,link_id,link_type,taxonomy_term_id\n7,o1,organization,5\n",
        }
    )
    owners = {a.references["taxonomy_term_id"]: a.owner for a in read.all("attribute")}
    service = ("service", "s1")
    assert owners == {
        "1": service,
        "2": service,
        "3": service,
        "4": service,
        "5": ("organization", "o1"),
    }
    assert len(read.ids("attribute")) == 5


def test_the_place_in_a_service_becomes_a_link(read_files: ReadFiles) -> None:
    read = read_files(
        {
            "services.csv": "id,location_id,name\ns1,l1,Pantry\ns2,l1,Clinic\n",
            "locations.csv": "id,organization_id,name\nl1,o1,Hall\n",
            "services_at_location.csv": "id,service_id,location_id\n9,s2,l1\n",
        }
    )
    links = read.all("service_at_location")
    assert {(x.references["service_id"], x.references["location_id"]) for x in links} == {
        ("s1", "l1"),
        ("s2", "l1"),
    }
    assert len(links) == 2
    assert {s.references["organization_id"] for s in read.all("service")} == {"o1"}


def test_only_a_place_with_an_address_or_a_position_is_physical(read_files: ReadFiles) -> None:
    read = read_files(
        {
            "locations.csv": "id,organization_id,name,latitude,longitude\n"
            "1,o,A,41.8,-87.6\n2,o,B,,\n3,o,C,,\n",
            "physical_addresses.csv": "id,location_id,city\n,2,Chicago\n",
        }
    )
    types = [record.values.get("location_type") for record in read.all("location")]
    assert types == ["physical", "physical", None]


def test_departments_and_languages_of_phones_land(read_files: ReadFiles) -> None:
    text = 'id,service_id,number,department,description,language\n1,s1,1,Intake,Days,"es, pl"\n'
    read = read_files({"phones.csv": text})
    assert read.one("phone").values["description"] == "Days; Intake"
    languages = read.all("language")
    assert [record.values["name"] for record in languages] == ["es", "pl"]
    assert {record.references["phone_id"] for record in languages} == {"1"}


DROPPED = {
    "1.0": {("service_at_location", "url"), ("service_at_location", "email")},
    "v1.1.0": set(),
    "v2.0.1": set(),
}
"""What older versions say that today's standard has no place for."""


@pytest.mark.parametrize("version", list(DROPPED))
def test_every_column_of_an_older_version_lands(
    test_data: Path, tmp_path: Path, version: str
) -> None:
    description = test_data / "hsds" / "older" / version / "datapackage.json"
    resources = json.loads(description.read_text(encoding="utf-8"))["resources"]
    for resource in resources:
        names = [field["name"] for field in resource["schema"]["fields"]]
        stream = io.StringIO()
        csv.writer(stream).writerows([names, [_sample(resource["name"], name) for name in names]])
        (tmp_path / resource["path"]).write_text(stream.getvalue(), encoding="utf-8")
    read = reading(tmp_path)
    left = {(p.table, p.field) for p in read.problems if p.code in ("unknown_field", "left_out")}
    assert left == DROPPED[version]
    assert read.errors == []
    missing = {"url", "unit", "service_capacity", "cost_option", "organization_identifier"}
    expected = TABLES.keys() - missing - ({"taxonomy"} if version != "v1.1.0" else set())
    assert read.counts.keys() == expected


def _sample(resource: str, name: str) -> str:
    samples = {"weekday": "Monday", "closed": "true", "start_date": "2025-01-01"}
    samples |= {"end_date": "2025-01-02", "link_type": "organization"}
    return samples.get(name, "1" if name.endswith("id") else f"{resource} {name}")
