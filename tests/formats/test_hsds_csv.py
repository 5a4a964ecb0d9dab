"""HSDS 3.x CSV packages: every table, every column, in the order of the rows."""

import csv
import io
import json

import pytest

from referral_hub.formats.mapping import REFERENCES
from referral_hub.formats.table_names import TABLE_OF_NAME
from referral_hub.rules.hsds import TABLES, Table
from tests.formats.conftest import ReadFiles


def a_file(table: Table) -> str:
    """One row with a value in every column."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerows([table.field_names, [f"{name} value" for name in table.field_names]])
    return stream.getvalue()


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_of_every_table_lands(read_files: ReadFiles, table: Table) -> None:
    read = read_files({table.csv_name: a_file(table)})
    (record,) = read.records
    assert record.table == table.name
    assert record.id == "id value"
    assert {"id", *record.values, *record.references} == set(table.field_names)
    assert record.references.keys() == REFERENCES[table.name].keys()


def test_rows_keep_their_order_and_their_lines(read_files: ReadFiles) -> None:
    read = read_files({"programs.csv": 'id,organization_id,name\n2,o,"A\nB"\n1,o,C\n'})
    assert [(record.id, record.origin.line) for record in read.records] == [("2", 2), ("1", 4)]
    assert [record.position for record in read.records] == [0, 1]


def test_parents_come_before_children(read_files: ReadFiles) -> None:
    tables = {table.csv_name: a_file(table) for table in TABLES.values()}
    assert [record.table for record in read_files(tables).records] == list(TABLES)


@pytest.mark.parametrize("name", ["service.csv", "Services.csv", "data/services.csv"])
def test_files_are_known_by_table_name_too(read_files: ReadFiles, name: str) -> None:
    read = read_files({name: "id,organization_id,name\n1,2,A\n", "organizations.csv": "id,name\n"})
    assert read.one("service").id == "1"


def test_a_data_package_names_its_files(read_files: ReadFiles) -> None:
    resources = [{"name": "service", "path": "export_42.csv"}]
    read = read_files(
        {
            "datapackage.json": json.dumps({"resources": resources}),
            "export_42.csv": "id,organization_id,name\n1,2,A\n",
        }
    )
    assert read.one("service").references == {"organization_id": "2"}


def test_a_broken_data_package_is_said_and_passed_over(read_files: ReadFiles) -> None:
    read = read_files({"datapackage.json": "{", "organizations.csv": "id,name\n1,A\n"})
    assert (read.counts, read.codes) == ({"organization": 1}, {"bad_description": 1})


def test_unknown_files_are_one_notice_each(read_files: ReadFiles) -> None:
    read = read_files(
        {"organizations.csv": "id,name\n1,A\n", "staff.csv": "id\n1\n", "other.json": "[]"}
    )
    assert read.codes == {"unknown_file": 2}


def test_unknown_columns_are_one_notice_each_with_their_count(read_files: ReadFiles) -> None:
    read = read_files({"organizations.csv": "id,name,colour,size\n1,A,red,\n2,B,blue,\n"})
    assert read.problem("unknown_field").field == "colour"
    assert "(2 times)" in read.problem("unknown_field").reason


def test_a_row_that_only_names_its_owner_is_blank(read_files: ReadFiles) -> None:
    read = read_files({"services.csv": "id,organization_id,name\n1,o,A\n,o,\n,,\n"})
    assert [(p.code, p.origin.line) for p in read.problems] == [("blank_row", 3), ("blank_row", 4)]
    assert read.counts == {"service": 1}


def test_a_link_without_an_id_is_not_blank(read_files: ReadFiles) -> None:
    read = read_files({"service_at_location.csv": "id,service_id,location_id\n,s,l\n"})
    assert read.one("service_at_location").references == {"service_id": "s", "location_id": "l"}


def test_ids_made_of_content_do_not_depend_on_the_order_of_rows(read_files: ReadFiles) -> None:
    header, first, second = "id,service_id,number\n", ",s1,312-555-0100\n", ",s1,312-555-0199\n"
    forth = read_files({"phones.csv": header + first + second})
    back = read_files({"phones.csv": header + second + first})
    assert forth.ids("phone") == back.ids("phone")
    assert len(forth.ids("phone")) == 2


def test_equal_rows_without_ids_are_numbered(read_files: ReadFiles) -> None:
    read = read_files({"phones.csv": "id,service_id,number\n,s1,1\n,s1,1\n"})
    assert len(read.ids("phone")) == 2


def test_a_service_without_an_id_is_known_by_name_and_organization(read_files: ReadFiles) -> None:
    read = read_files({"services.csv": "id,organization_id,name,fees\n,o1,Pantry,none\n"})
    assert read.one("service").id == "Pantry | o1"


def test_an_attribute_is_owned_where_its_table_is_known(read_files: ReadFiles) -> None:
    text = "id,link_id,link_entity,taxonomy_term_id\na,x,location,t\nb,y,building,t\n"
    read = read_files({"attributes.csv": text})
    assert [record.owner for record in read.records] == [("location", "x"), None]
    assert [record.references["link_id"] for record in read.records] == ["x", "y"]


def test_hours_of_today_stay_as_they_are_written(read_files: ReadFiles) -> None:
    read = read_files({"schedules.csv": "id,service_id,freq,byday,opens_at\n1,s,WEEKLY,MO,9:00\n"})
    assert read.one("schedule").values["opens_at"] == "9:00"


def test_the_fees_of_today_stay_beside_their_description(read_files: ReadFiles) -> None:
    read = read_files(
        {"services.csv": "id,organization_id,name,fees_description,fees\n1,o,A,B,C\n"}
    )
    assert read.one("service").values == {"name": "A", "fees_description": "B", "fees": "C"}


def test_outer_spaces_stay_in_free_texts_only(read_files: ReadFiles) -> None:
    text = "id,organization_id,name,status\n 1 , o ,A , active \n"
    service = read_files({"services.csv": text}).one("service")
    assert (service.id, service.references) == ("1", {"organization_id": "o"})
    assert service.values == {"name": "A ", "status": "active"}


def test_no_file_name_means_two_tables() -> None:
    assert all(
        TABLE_OF_NAME[table.csv_name.removesuffix(".csv")] == table.name
        for table in TABLES.values()
    )
