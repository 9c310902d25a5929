"""Feed, table and law name the same figures in the same order."""

from __future__ import annotations

import pytest

from kyufu.evidence.columns import DEDUCTIONS, DEPENDANTS, FIGURES, INCOMES, LEVIES, Figure, Unit
from kyufu.evidence.feeds.layouts import TAX
from kyufu.evidence.models import Income
from kyufu.law.child.facts import Deductions, Dependants, IncomeEvidence, Incomes


@pytest.mark.parametrize(
    ("figures", "fields", "prefix"),
    [
        (INCOMES, Incomes._fields, ""),
        (DEDUCTIONS, Deductions._fields, ""),
        (DEPENDANTS, Dependants._fields, "dependants_"),
        (LEVIES, IncomeEvidence._fields[-2:], ""),
    ],
)
def test_columns_follow_the_fields_of_the_law(
    figures: tuple[Figure, ...], fields: tuple[str, ...], prefix: str
) -> None:
    assert tuple(figure.column for figure in figures) == tuple(prefix + field for field in fields)


def test_marks_are_the_figures_that_are_booleans_in_the_law() -> None:
    marks = {figure.column for figure in FIGURES if figure.unit is Unit.MARK}
    defaults = {
        **Deductions._field_defaults,
        **{f"dependants_{k}": v for k, v in Dependants._field_defaults.items()},
    }
    assert marks == {name for name, default in defaults.items() if default is False}


def test_every_figure_has_a_column_in_the_table_and_an_item_in_the_feed() -> None:
    columns = {field.name for field in Income._meta.get_fields()}
    assert {figure.column for figure in FIGURES} <= columns
    assert {figure.item for figure in FIGURES} <= set(TAX.names)


def test_the_tax_feed_has_the_items_of_the_agreed_layout() -> None:
    assert ",".join(TAX.names) == (
        "shinkoku,fuka_nendo,rirekieda,atenabango,taisho_kaishi,taisho_shuryo,kyuyo,jigyo,fudosan,rishi,haito,"
        "nenkin,zatsu,ichiji,sogo_joto,bunri_joto,kabushiki,sakimono,sanrin,taishoku,zasson,iryohi,shokibo,"
        "shogaisha,tokubetsu_shogaisha,kafu,hitorioya,kinro_gakusei,fuyo_total,fuyo_rojin,fuyo_tokutei,"
        "fuyo_16miman,rojin_haigusha,shotokuwari,kintowari,shutoku_nengappi"
    )
