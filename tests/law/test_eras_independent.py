"""rules.md A1 and A4 as a table: era x age band x income x tax exemption -> answer, class, period, prefecture.

Every child is born on 10 October, so that it turns a year older in October and enters a grade in April; the day
asked for lies in May or June, when all of that has happened.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.independent import EXEMPT, OVER, TAXED, UNDER, answer_to, child_of, earner, judged

# Years from birth to the year asked about: 0 has turned 0, 7 is in 小1 (six in the October before).
AGES = {
    "0歳": 1, "1歳": 2, "2歳": 3, "3歳": 4, "4歳": 5, "5歳": 6,
    "小1": 7, "小3": 9, "小4": 10, "小6": 12, "中1": 13, "中3": 15, "高1": 16, "高3": 18, "19歳": 19,
}  # fmt: skip
FREE, COPAY, INPATIENT, NO = "free", "visit_500", "inpatient_only", None
YOUNG = dict.fromkeys(("0歳", "1歳", "2歳", "3歳", "4歳", "5歳", "小1", "小3"), FREE)
SCHOOL = ("小4", "小6", "中1", "中3")
PAST = dict.fromkeys(("高1", "高3", "19歳"), NO)
ONLY_INFANTS = {name: FREE if name == "0歳" else NO for name in AGES}
TO_JUNIOR_HIGH = {name: NO if name in PAST else FREE for name in AGES}
TO_18 = {name: NO if name == "19歳" else FREE for name in AGES}
ERAS = {
    # (day asked, income, levies): class of each age; None is not eligible
    "2017 under taxed": (date(2018, 5, 15), UNDER, TAXED,
                         YOUNG | {"小4": COPAY, "小6": COPAY, "中1": INPATIENT, "中3": INPATIENT} | PAST),
    "2017 under exempt": (date(2018, 5, 15), UNDER, EXEMPT,
                          YOUNG | {"小4": COPAY, "小6": COPAY, "中1": INPATIENT, "中3": INPATIENT} | PAST),
    "2017 over": (date(2018, 5, 15), OVER, TAXED, ONLY_INFANTS),
    "2019 under taxed": (date(2020, 5, 15), UNDER, TAXED, YOUNG | dict.fromkeys(SCHOOL, COPAY) | PAST),
    "2019 under exempt": (date(2020, 5, 15), UNDER, EXEMPT, YOUNG | dict.fromkeys(SCHOOL, FREE) | PAST),
    "2019 over": (date(2020, 5, 15), OVER, TAXED, ONLY_INFANTS),
    "2021 under taxed": (date(2022, 5, 15), UNDER, TAXED, YOUNG | dict.fromkeys(SCHOOL, COPAY) | PAST),
    "2021 under exempt": (date(2022, 5, 15), UNDER, EXEMPT, YOUNG | dict.fromkeys(SCHOOL, FREE) | PAST),
    "2021 over": (date(2022, 5, 15), OVER, TAXED, ONLY_INFANTS | {"1歳": COPAY, "2歳": COPAY}),
    "2021 over exempt": (date(2022, 5, 15), OVER, EXEMPT, ONLY_INFANTS | {"1歳": COPAY, "2歳": COPAY}),
    "2023 under": (date(2024, 5, 15), UNDER, TAXED, TO_JUNIOR_HIGH),
    "2023 over": (date(2024, 5, 15), OVER, TAXED, TO_JUNIOR_HIGH),
    "2026 under": (date(2026, 6, 15), UNDER, TAXED, TO_18),
    "2026 over": (date(2026, 6, 15), OVER, TAXED, TO_18),
    "2026 over, a year on": (date(2027, 5, 15), OVER, EXEMPT, TO_18),
}  # fmt: skip
MATRIX = [
    pytest.param(on, income, levies, age, expected, id=f"{era} {age}")
    for era, (on, income, levies, by_age) in ERAS.items()
    for age, expected in by_age.items()
]


def born(age: str, *, on: date) -> date:
    return date(on.year - AGES[age], 10, 10)


@pytest.mark.parametrize(("on", "income", "levies", "age", "expected"), MATRIX)
def test_outcome_and_class(
    on: date, income: int, levies: tuple[int, int], age: str, expected: str | None
) -> None:
    answer = answer_to(child_of(earner(income, levies=levies), born=born(age, on=on)), on=on)
    if expected is not None:
        assert answer == ("eligible", expected, ("eligible",))
        return
    is_past = AGES[age] > (18 if on >= date(2026, 6, 1) else 15)
    assert answer == ("not_eligible", None, ("too_old" if is_past else "income_over",))


@pytest.mark.parametrize(("on", "income", "levies", "age", "expected"), MATRIX)
def test_the_prefecture(
    on: date, income: int, levies: tuple[int, int], age: str, expected: str | None
) -> None:
    """A4: to the end of 中3, 0 without a limit, from 1 under the limit; never where the city does not subsidise."""
    (finding,) = judged(child_of(earner(income, levies=levies), born=born(age, on=on)), on=on).findings
    is_covered = AGES[age] <= 15 and (age == "0歳" or income == UNDER) and expected is not None
    assert finding.outcome.value == ("eligible" if is_covered else "not_eligible")


# First and last day of the answer, where it is not the whole certificate year (1 August to 31 July).
CUT = {
    # born 10 October: the month of turning a year older ends on 31 October; a grade begins on 1 April
    ("2017 under taxed", "小4"): ((2018, 4, 1), (2018, 7, 31)),
    ("2017 under taxed", "中1"): ((2018, 4, 1), (2018, 7, 31)),
    ("2017 under taxed", "高1"): ((2018, 4, 1), (2018, 7, 31)),
    ("2017 over", "1歳"): ((2017, 11, 1), (2018, 7, 31)),
    ("2017 over", "高1"): ((2018, 4, 1), (2018, 7, 31)),
    ("2019 under taxed", "小4"): ((2020, 4, 1), (2020, 7, 31)),
    ("2019 under taxed", "高1"): ((2020, 4, 1), (2020, 7, 31)),
    ("2019 over", "1歳"): ((2019, 11, 1), (2020, 7, 31)),
    ("2021 under taxed", "小4"): ((2022, 4, 1), (2022, 7, 31)),
    ("2021 over", "1歳"): ((2021, 11, 1), (2022, 7, 31)),
    ("2021 over", "3歳"): ((2021, 11, 1), (2022, 7, 31)),
    ("2023 over", "高1"): ((2024, 4, 1), (2024, 7, 31)),
    ("2026 under", "高1"): ((2026, 6, 1), (2026, 7, 31)),
    ("2026 over", "高3"): ((2026, 6, 1), (2026, 7, 31)),
    ("2026 over, a year on", "19歳"): ((2027, 4, 1), (2027, 7, 31)),
}
WHOLE = [
    ("2017 under taxed", ["1歳", "3歳", "5歳", "小1", "小3", "小6", "中3", "高3"]),
    ("2019 under taxed", ["1歳", "小3", "小6", "中1", "中3", "高3"]),
    ("2019 under exempt", ["小3", "小4", "小6", "中1", "中3"]),
    ("2021 over", ["2歳", "4歳", "小1", "小4", "中3"]),
    ("2023 under", ["1歳", "3歳", "小1", "小4", "中1", "中3"]),
    ("2026 over", ["1歳", "3歳", "小1", "小4", "中3", "19歳"]),
]


@pytest.mark.parametrize(("era", "age"), CUT, ids=" ".join)
def test_an_answer_that_begins_within_the_certificate_year(era: str, age: str) -> None:
    on, income, levies, _ = ERAS[era]
    period = judged(child_of(earner(income, levies=levies), born=born(age, on=on)), on=on).period
    assert period is not None
    first, last = CUT[era, age]
    assert (period.start, period.last_day) == (date(*first), date(*last))


@pytest.mark.parametrize(("era", "age"), [(era, age) for era, ages in WHOLE for age in ages])
def test_an_answer_for_the_whole_certificate_year(era: str, age: str) -> None:
    on, income, levies, _ = ERAS[era]
    period = judged(child_of(earner(income, levies=levies), born=born(age, on=on)), on=on).period
    assert period is not None
    assert (period.start, period.last_day) == (date(on.year - 1, 8, 1), date(on.year, 7, 31))


@pytest.mark.parametrize("era", ERAS)
def test_the_first_certificate_begins_at_birth(era: str) -> None:
    on, income, levies, _ = ERAS[era]
    period = judged(child_of(earner(income, levies=levies), born=born("0歳", on=on)), on=on).period
    assert period is not None
    assert period.start == date(on.year - 1, 10, 10)


# Both sides of the first day of each era: (birth, income, levies, class the day before, class from the day on).
STEPS = [
    ("2017", date(2017, 4, 1), date(2010, 10, 10), UNDER, TAXED, "cannot_decide", FREE),
    ("2019 中1", date(2019, 4, 1), date(2005, 10, 10), UNDER, TAXED, INPATIENT, COPAY),
    ("2019 中1 exempt", date(2019, 4, 1), date(2005, 10, 10), UNDER, EXEMPT, INPATIENT, FREE),
    ("2019 小5 exempt", date(2019, 4, 1), date(2008, 10, 10), UNDER, EXEMPT, COPAY, FREE),
    ("2021 1歳 over", date(2021, 4, 1), date(2019, 10, 10), OVER, TAXED, NO, COPAY),
    ("2021 2歳 over", date(2021, 4, 1), date(2018, 10, 10), OVER, TAXED, NO, COPAY),
    ("2021 3歳 over", date(2021, 4, 1), date(2017, 10, 10), OVER, TAXED, NO, NO),
    ("2023 小5 taxed", date(2023, 8, 1), date(2012, 10, 10), UNDER, TAXED, COPAY, FREE),
    ("2023 中3 over", date(2023, 8, 1), date(2008, 10, 10), OVER, TAXED, NO, FREE),
    ("2023 1歳 over", date(2023, 8, 1), date(2021, 10, 10), OVER, TAXED, COPAY, FREE),
    ("2026 高1", date(2026, 6, 1), date(2010, 10, 10), OVER, TAXED, NO, FREE),
    ("2026 高3", date(2026, 6, 1), date(2008, 10, 10), UNDER, TAXED, NO, FREE),
    ("2026 past 18", date(2026, 6, 1), date(2008, 4, 1), UNDER, TAXED, NO, NO),
    ("2026 youngest of 高3", date(2026, 6, 1), date(2009, 4, 1), UNDER, TAXED, NO, FREE),
    ("2026 oldest of 高3", date(2026, 6, 1), date(2008, 4, 2), UNDER, TAXED, NO, FREE),
]


@pytest.mark.parametrize(
    ("first", "birth", "circumstances", "before", "after"),
    [(first, birth, (income, levies), *classes) for _, first, birth, income, levies, *classes in STEPS],
    ids=[step[0] for step in STEPS],
)
def test_both_sides_of_the_first_day_of_an_era(
    first: date,
    birth: date,
    circumstances: tuple[int, tuple[int, int]],
    before: str | None,
    after: str | None,
) -> None:
    income, levies = circumstances
    facts = child_of(earner(income, levies=levies), born=birth)
    eve = answer_to(facts, on=date.fromordinal(first.toordinal() - 1))
    assert (eve.outcome if before == "cannot_decide" else eve.benefit_class) == before
    assert answer_to(facts, on=first).benefit_class == after


def test_the_rules_before_april_2017_are_not_known_and_nothing_is_made_up() -> None:
    answer = answer_to(child_of(earner(UNDER), born=date(2016, 10, 10)), on=date(2017, 3, 31))
    assert answer == ("cannot_decide", None, ("missing.rules",))
