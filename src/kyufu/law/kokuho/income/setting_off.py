"""Setting off of losses within the year (損益通算) and of losses of earlier years (繰越控除); all amounts are yen."""

from __future__ import annotations

from typing import NamedTuple

from kyufu.law.kokuho.income.facts import CarriedLosses, Separate


class Groups(NamedTuple):
    """The incomes as the order of setting off groups them; a loss is negative.

    `ordinary` is 経常所得 (利子、配当、不動産、事業、給与、雑), the gains are before halving.
    """

    ordinary: int
    gain_short: int
    gain_long: int
    temporary: int
    forestry: int


class Remaining(NamedTuple):
    """What remains after losses of earlier years: 総所得金額, 山林, land by kind, shares, futures."""

    comprehensive: int
    forestry: int
    land_short: int
    land_long: int
    stocks: int
    futures: int

    @property
    def total(self) -> int:
        """The sum of all."""
        return sum(self)


def set_off(groups: Groups) -> Groups:
    """Losses set off against gains (所得税法第69条、所得税法施行令第198条); what is left of a loss counts as zero.

    Gains and losses of sale against each other, then against 一時所得, then against 経常所得; a loss of 経常所得
    against 短期, 長期, 一時; a rest against 山林所得.
    """
    short, long = _against(groups.gain_short, groups.gain_long)
    long, short = _against(long, short)
    short, temporary = _against(short, groups.temporary)
    long, temporary = _against(long, temporary)
    short, ordinary = _against(short, groups.ordinary)
    long, ordinary = _against(long, ordinary)
    ordinary, short = _against(ordinary, short)
    ordinary, long = _against(ordinary, long)
    ordinary, temporary = _against(ordinary, temporary)
    _, forestry = _against(min(0, ordinary) + min(0, short) + min(0, long), groups.forestry)
    return Groups(*(max(0, each) for each in (ordinary, short, long, temporary, forestry)))


def carry(comprehensive: int, *, separate: Separate, forestry: int, losses: CarriedLosses) -> Remaining:
    """Losses of earlier years deducted (地方税法第313条第8項から第10項まで、附則).

    純損失 and 雑損失 from 総所得金額 and then 山林; losses on a home from land sold first; losses of shares from gains
    and dividends of listed shares, losses of futures from futures alone.
    """
    land_short = max(0, separate.land_short - separate.land_short_deduction)
    land_long = max(0, separate.land_long - separate.land_long_deduction)
    land_long, home = _deduct(land_long, loss=losses.home)
    land_short, home = _deduct(land_short, loss=home)
    comprehensive, left = _deduct(comprehensive, loss=home + losses.net + losses.casualty)
    forestry, _ = _deduct(forestry, loss=left)
    listed = max(0, separate.stock_listed + separate.dividend_listed - losses.stock)
    futures = max(0, separate.futures - losses.futures)
    return Remaining(
        comprehensive, forestry, land_short, land_long, listed + separate.stock_unlisted, futures
    )


def _against(loss: int, other: int) -> tuple[int, int]:
    """A loss set off against another income as far as that goes; nothing where there is no loss or no income."""
    if loss >= 0 or other <= 0:
        return loss, other
    used = min(-loss, other)
    return loss + used, other - used


def _deduct(income: int, *, loss: int) -> tuple[int, int]:
    used = min(income, loss)
    return income - used, loss - used
