"""What an intake will receive, told in words before it is received."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kyufu.cases import api as cases
from kyufu.notation.display import format_date
from kyufu.notation.municipalities import municipality_name
from kyufu.registry import api as registry
from kyufu.web.pages.intake_fields import choice_words
from kyufu.web.pages.intake_forms import ELSEWHERE, IntakeForm

RELATION_WORDS = {"father": "父", "mother": "母", "other": "その他"}


class Line(NamedTuple):
    """A heading and what stands beside it; `is_found` marks a person to be compared with the paper."""

    label: str
    text: str
    is_found: bool = False


def summary(form: IntakeForm, *, filing: cases.Filing) -> list[Line]:
    """The lines of the confirmation, in the order of the form."""
    child = form.desk.child
    matter = cases.japanese_matter(filing.kind, matter=filing.matter)
    kind = cases.japanese(filing.kind)
    lines = [
        Line("種類", f"{kind}（{matter}）" if matter else kind),
        Line("受付日", format_date(filing.received_on)),
        Line("受付経路", cases.japanese(filing.channel)),
        Line("受付区", municipality_name(filing.ward_code)),
        Line("児童", form.desk.words_of(form.desk.child_id, person=child)),
    ]
    if filing.event_on is not None:
        lines.append(Line("異動・喪失の日", format_date(filing.event_on)))
    if filing.target_no:
        lines.append(Line("取り下げる申請", f"受付番号 {filing.target_no}"))
    lines += _guardians(form, filing=filing)
    if filing.agent_name:
        lines.append(Line("代理人", filing.agent_name))
    lines.append(Line("添付書類", "、".join(filing.documents) or "なし"))
    lines += [Line(one, text) for one, text in _identity(form)]
    return lines


def _guardians(form: IntakeForm, *, filing: cases.Filing) -> Iterator[Line]:
    desk = form.desk
    ids = list(form.guardian_ids.values())
    people = registry.people(ids, valid_on=desk.today, today=desk.today)
    for who, filed in zip(form.guardian_ids, filing.guardians, strict=True):
        label = "申請者（保護者）" if who == "applicant" else "もう1人の保護者"
        words = desk.words_of(filed.addressee_id, person=people[filed.addressee_id])
        is_found = form.cleaned_data[who] == ELSEWHERE
        yield Line(label, f"{words}　続柄：{RELATION_WORDS[filed.relation]}", is_found)


def _identity(form: IntakeForm) -> Iterator[tuple[str, str]]:
    data = form.cleaned_data
    for name in ("number_document", "identity_document", "seen"):
        field = form.fields[name]
        yield str(field.label), choice_words(field).get(data[name], "") or "まだ確認していません"
    if data["matched_on"]:
        yield "システムで照合した日", format_date(data["matched_on"])
    yield "個人番号利用事務の説明", "済み" if data["explained"] else "まだ説明していません"
