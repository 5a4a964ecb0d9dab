"""HSDS as CSV: the tables of 3.x, and those of 1.0, 1.1 and 2.0 under today's names."""

from collections.abc import Iterator

from referral_hub.formats.csv_shapes import SHAPES
from referral_hub.formats.csv_tables import read_tables
from referral_hub.formats.packages import Package
from referral_hub.formats.records import Item


def read_hsds_csv(package: Package) -> Iterator[Item]:
    """Records and problems of a package of HSDS CSV files of any version."""
    return read_tables(package, SHAPES, {})
