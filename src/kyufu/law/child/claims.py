"""Until when a subsidy paid afterwards (償還払い) can be applied for."""

from __future__ import annotations

from datetime import date

from kyufu.law.calendar.ages import first_of_month_after
from kyufu.law.calendar.period import Period
from kyufu.law.child.city import City
from kyufu.law.child.parameters import ClaimRules, load_parameters, rows_of
from kyufu.law.child.reasons import reasons_of
from kyufu.law.decision import Reason
from kyufu.law.parameters.binding import bind
from kyufu.law.parameters.overlay import NOTHING, Overlay


def claim_period(treated_on: date, *, city: City, overlay: Overlay = NOTHING) -> Period | Reason:
    """The days on which the subsidy of a treatment can be applied for; a reason where no rule is known.

    川崎市 FAQ 12871: from the month after that of the treatment on, for five years.
    """
    rules = claim_rules(city, on=treated_on, overlay=overlay)
    if rules is None:
        return reasons_of(city).claim_unknown
    start = treated_on.replace(day=1)
    for _ in range(rules.claim_from_months):
        start = first_of_month_after(start)
    return Period(start, start.replace(year=start.year + rules.claim_years))


def claim_rules(city: City, *, on: date, overlay: Overlay = NOTHING) -> ClaimRules | None:
    """From when and for how long one can apply for what was paid on a day; None where no rule is known."""
    rows = rows_of(load_parameters(overlay, city=city).city, table="claim")
    return bind(rows, into=ClaimRules, on=on) if any(on in row.period for row in rows) else None
