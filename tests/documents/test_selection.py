"""Each item of a block is printed or left out with its reason, and which ward sends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from kyufu.documents.compose import Setting
from kyufu.documents.selection import LeftOut, select, texts_of
from kyufu.registry.api import AddressWithheld, PostalAddress
from tests.documents import samples
from tests.documents.sources import Source


def left_out(source: Source) -> dict[int, LeftOut]:
    """What of a source is left out, by subject."""
    _, out = select(list(source.due()), job=source.job(), setting=samples.SETTING)
    return {one.item.subject_id: one for one in out}


def test_a_stale_decision_comes_before_any_other_reason() -> None:
    source = Source([1], stale={5_001: "事実が変わりました。"}, withheld={11: "送付先がありません。"})
    assert left_out(source)[1].code == "stale_decision"


def test_a_withheld_address_keeps_its_reason_and_shows_no_address() -> None:
    out = left_out(Source([1], withheld={11: "支援措置の対象ですが、送付先が登録されていません。"}))[1]
    assert out.code == "address_withheld"
    assert samples.ADDRESS not in "".join(texts_of((out.text, out.code)))


def test_nobody_outside_the_shelter_is_written_to_about_a_sheltered_child() -> None:
    source = Source([1, 2])
    hidden = samples.person(protected=True)
    source.children = {10: hidden, 20: hidden}
    source.guardians = {
        11: samples.person(name="見本　花子"),
        21: samples.person(name="見本　花子", protected=True),
    }
    assert {subject: out.code for subject, out in left_out(source).items()} == {1: "address_withheld"}


def test_a_missing_wording_is_an_exception_not_a_failure() -> None:
    source = Source([1, 2])
    endless = samples.certificate_row(index=2, end=None)
    items = [item if item.subject_id == 1 else item._replace(row=endless) for item in source.due()]
    chosen, out = select(items, job=source.job(), setting=samples.SETTING)
    assert [one.item.subject_id for one in chosen] == [1]
    assert [(one.item.subject_id, one.code) for one in out] == [(2, "no_wording")]


def test_the_ward_that_took_the_application_in_writes_about_one_who_left() -> None:
    source = Source([1, 2], wards={1: "141046", 2: "141046"})
    source.children = {10: samples.person(ward_code="131016"), 20: samples.person(ward_code="141011")}
    chosen, _ = select(list(source.due()), job=source.job(), setting=samples.SETTING)
    assert [one.content.sender.office for one in chosen] == ["中区役所", "鶴見区役所"]


def test_addresses_are_asked_for_the_day_of_the_documents_and_for_today() -> None:
    asked: list[tuple[list[int], date, date]] = []
    source = Source([1, 2])
    setting = replace(samples.SETTING, today=date(2026, 7, 10))

    def addresses(ids: Sequence[int], setting: Setting) -> Mapping[int, PostalAddress | AddressWithheld]:
        asked.append((list(ids), setting.dated, setting.today))
        return source.addresses(ids, setting)

    job = replace(source.job(), addresses=addresses)
    select(list(source.due()), job=job, setting=setting)
    assert asked == [([11, 21], samples.ON, date(2026, 7, 10))]


def test_every_text_is_looked_at() -> None:
    content = samples.rejection()
    texts = set(texts_of(content))
    assert {
        content.title,
        content.appeal[0],
        content.sections[0].table[0].value,
        content.addressee.name,
    } <= texts
