"""Ids that are no UUIDs: trusted where they can be, scoped where they are used for many things."""

from typing import Any

from tests.formats.conftest import ReadJson

UUID = "AAAAAAAA-1111-4111-8111-111111111111"


def an_organization(
    number: str, name: str, postal_code: str = "60601", **more: Any
) -> dict[str, Any]:
    address = {"id": "addr_1", "address_1": "1 Main St", "postal_code": postal_code}
    site = {"id": "loc_1", "location_type": "physical", "name": name, "addresses": [address]}
    return {"id": number, "name": name, "website": "x", "locations": [site], **more}


A = an_organization("org_1", "A", "60601")
B = an_organization("org_1", "B", "60602")


def test_uuids_are_kept_in_lower_case(read_json: ReadJson) -> None:
    assert read_json(an_organization(UUID, "A")).ids("organization") == {UUID.lower()}


def test_an_id_that_always_means_the_same_is_kept(read_json: ReadJson) -> None:
    read = read_json([an_organization("org_1", "A"), an_organization("org_2", "A")])
    assert read.ids("organization") == {"org_1", "org_2"}
    assert "ambiguous_id" not in read.codes


def test_an_id_of_different_records_is_told_apart_by_name_and_postal_code(
    read_json: ReadJson,
) -> None:
    read = read_json([A, B])
    assert read.ids("organization") == {"org_1 | A | 60601", "org_1 | B | 60602"}


def test_nested_records_of_such_ids_stay_with_their_record(read_json: ReadJson) -> None:
    read = read_json([A, B])
    assert read.ids("location") == {
        "organization:org_1 | A | 60601/loc_1",
        "organization:org_1 | B | 60602/loc_1",
    }
    assert {record.references["organization_id"] for record in read.all("location")} == read.ids(
        "organization"
    )


def test_an_ambiguous_id_is_one_warning_with_its_count(read_json: ReadJson) -> None:
    warnings = [p for p in read_json([A, B]).problems if p.code == "ambiguous_id"]
    assert [(warning.table, warning.record) for warning in warnings] == [
        ("location", "loc_1"),
        ("organization", "org_1"),
    ] or [(warning.table, warning.record) for warning in warnings] == [
        ("organization", "org_1"),
        ("location", "loc_1"),
    ]
    assert "(2 in all)" in warnings[0].reason


def test_keys_do_not_depend_on_the_order_of_the_file(read_json: ReadJson) -> None:
    same = an_organization("org_1", "A", "60601", email="other@example.org")
    forth, back = read_json([A, B, same]), read_json([same, B, A])
    assert {(r.table, r.id) for r in forth.records} == {(r.table, r.id) for r in back.records}


def test_parts_are_known_within_their_owner(read_json: ReadJson) -> None:
    read = read_json(
        [
            an_organization("o1", "A"),
            an_organization(
                "o2",
                "A",
                locations=[
                    {
                        "id": "loc_2",
                        "location_type": "physical",
                        "addresses": [{"id": "addr_1"}, {"city": "X"}],
                    }
                ],
            ),
        ]
    )
    assert read.ids("address") == {"location:loc_1/addr_1", "location:loc_2/#1"}


def test_parts_without_ids_are_numbered_within_their_owner(read_json: ReadJson) -> None:
    phones = [{"number": "1"}, {"number": "1"}]
    places = [{"id": f"l{n}", "location_type": "virtual", "phones": phones} for n in (1, 2)]
    assert len(read_json(places).ids("phone")) == 4


def test_parts_of_one_id_that_differ_are_both_kept(read_json: ReadJson) -> None:
    phones = [{"id": "p", "number": "1"}, {"id": "p", "number": "2"}, {"id": "p", "number": "1"}]
    read = read_json({"id": "l1", "location_type": "virtual", "phones": phones})
    assert len(read.all("phone")) == 3
    assert len(read.ids("phone")) == 2


def test_a_place_told_fully_once_and_briefly_elsewhere_is_one_place(read_json: ReadJson) -> None:
    brief = {
        "id": "s1",
        "name": "S",
        "status": "active",
        "service_at_locations": [
            {"id": "x", "location": {"id": "loc_1", "location_type": "physical", "name": "A"}}
        ],
    }
    read = read_json([an_organization("o1", "A"), brief])
    assert read.ids("location") == {"loc_1"}


def test_places_of_one_name_and_two_postal_codes_are_two(read_json: ReadJson) -> None:
    first = an_organization("o1", "A", "60601")
    second = an_organization("o2", "B", "60602")
    second["locations"][0]["name"] = "A"
    assert len(read_json([first, second]).ids("location")) == 2


def test_a_record_named_again_inside_itself_is_the_same(read_json: ReadJson) -> None:
    def organization(name: str) -> dict[str, Any]:
        again = {"id": "org_1", "name": name}
        service = {"id": f"s{name}", "name": "S", "status": "active", "organization": again}
        return an_organization("org_1", name, services=[service])

    read = read_json([organization("A"), organization("B")])
    assert read.ids("organization") == {"org_1 | A | 60601", "org_1 | B | 60601"}


def test_equal_services_of_two_organizations_are_two(read_json: ReadJson) -> None:
    services = [{"id": "svc_1", "name": "Pantry", "status": "active"}]
    first = {"id": "o1", "name": "A", "website": "x", "services": services}
    second = {"id": "o2", "name": "B", "website": "x", "services": services}
    assert len(read_json([first, second]).ids("service")) == 2


def test_links_between_such_services_and_places_are_apart_too(read_json: ReadJson) -> None:
    def organization(name: str) -> dict[str, Any]:
        link = {"id": "sal_1", "location": {"id": "loc_1", "location_type": "physical"}}
        service = {"id": "svc_1", "name": "Pantry", "service_at_locations": [link]}
        return {"id": f"o{name}", "name": name, "website": "x", "services": [service]}

    read = read_json([organization("A"), organization("B")])
    assert len(read.ids("service_at_location")) == 2


def test_a_written_id_is_read_within_its_record(read_json: ReadJson) -> None:
    def organization(name: str) -> dict[str, Any]:
        service = {"id": "svc_1", "name": "Pantry", "program_id": "prg_1"}
        programs = [{"id": "prg_1", "name": f"Program {name}"}]
        return an_organization("org_1", name, services=[service], programs=programs)

    read = read_json([organization("A"), organization("B")])
    named = {record.references["program_id"] for record in read.all("service")}
    assert named == read.ids("program")


def test_terms_of_one_id_are_told_apart_by_name_and_shared_by_name(read_json: ReadJson) -> None:
    def organization(number: int, term: str) -> dict[str, Any]:
        attribute = {"id": "a", "taxonomy_term": {"id": "term_1", "name": term}}
        return an_organization(f"o{number}", f"N{number}", attributes=[attribute])

    read = read_json([organization(1, "Food"), organization(2, "Bread"), organization(3, "Food")])
    assert read.ids("taxonomy_term") == {"term_1 | Food", "term_1 | Bread"}


def test_a_written_term_is_the_one_that_its_record_tells(read_json: ReadJson) -> None:
    def organization(number: int, term: str) -> dict[str, Any]:
        told = {"id": "a", "taxonomy_term": {"id": "term_1", "name": term}}
        written = {"id": "b", "taxonomy_term_id": "term_1"}
        return an_organization(f"o{number}", f"N{number}", attributes=[told, written])

    read = read_json([organization(1, "Food"), organization(2, "Bread")])
    terms = [record.references["taxonomy_term_id"] for record in read.all("attribute")]
    assert terms == ["term_1 | Food"] * 2 + ["term_1 | Bread"] * 2


def test_the_same_record_told_twice_is_one(read_json: ReadJson) -> None:
    read = read_json([A, B, A])
    assert len(read.ids("organization")) == 2
    assert "duplicate_record" not in read.codes


def test_different_records_of_one_id_name_and_postal_code_are_kept_and_said(
    read_json: ReadJson,
) -> None:
    read = read_json([A, B, an_organization("org_1", "A", "60601", email="x@example.org")])
    assert len(read.ids("organization")) == 3
    assert read.problem("duplicate_record").record == "org_1 | A | 60601"


def test_a_record_without_an_id_is_known_by_what_it_says(read_json: ReadJson) -> None:
    nameless = an_organization("", "A", "60601")
    read = read_json([nameless])
    assert read.ids("organization") == {"A | 60601"}
    assert read.codes["no_id"] == 1


def test_ids_may_be_numbers_but_no_records(read_json: ReadJson) -> None:
    read = read_json(
        [an_organization("x", "A") | {"id": 7}, an_organization("x", "B") | {"id": {}}]
    )
    assert read.ids("organization") == {"7", "B | 60601"}


def test_reading_twice_gives_the_same(read_json: ReadJson) -> None:
    assert read_json([A, B, A]) == read_json([A, B, A])
