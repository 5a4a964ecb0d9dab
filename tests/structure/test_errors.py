"""Every named error has one stable code and one status."""

from pathlib import Path

from referral_hub.rules import errors
from referral_hub.web.error_responses import STATUS

GOLDEN = Path(__file__).parent / "error_codes.txt"


def classes() -> list[type[errors.HubError]]:
    return [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.HubError)
    ]


def test_every_error_is_mapped_once() -> None:
    assert set(STATUS) == set(classes())


def test_codes_are_unique_and_change_only_on_purpose() -> None:
    codes = sorted(f"{error.code} {STATUS[error]}" for error in classes())
    assert len({line.split()[0] for line in codes}) == len(codes)
    assert codes == GOLDEN.read_text().split("\n")[:-1]
