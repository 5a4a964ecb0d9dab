import pytest

from search_index.compounds import Compounds

COMPOUNDS = Compounds(
    [
        "food bank",
        "wheel",
        "chair",
        "wheelchair ramp",
        "day care",
        "daycare",
        "out of work",
        "carpet",
    ]
)


@pytest.mark.parametrize(
    ("phrase", "ways"),
    [
        ("food bank", ["foodbank"]),
        ("ramp for a wheelchair", ["ramp for a wheel chair"]),
        ("wheelchair", ["wheel chair"]),
        ("day care", []),
        ("daycare", []),
        ("food bank line", []),
        ("of work", []),
        ("carpet", []),
        ("", []),
    ],
)
def test_a_gap_may_be_missing_or_one_too_many(phrase, ways):
    assert list(COMPOUNDS.other_ways(phrase)) == ways
