"""How the work of a team is shared, as a file."""

from referral_hub.formats.caseload_files import caseload_csv


def test_names_are_no_formulas_and_numbers_stay_numbers() -> None:
    rows = [("=cmd()", 112.5, "In the band", -5.5, 18, 2, 0), ("Ana, B.", 6.0, "x", 0.0, 1, 0, 1)]
    assert list(caseload_csv(rows)) == [
        "worker,points,against_band,against_median,cases,cases_not_weighed,overdue\r\n",
        "'=cmd(),112.5,In the band,-5.5,18,2,0\r\n",
        '"Ana, B.",6,x,0,1,0,1\r\n',
    ]
