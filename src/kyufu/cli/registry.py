"""`kyufu registry`: joining a non-resident with the resident they are (名寄せ), and undoing it, by a named person."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from kyufu.cli.access import add_staff, proven_staff, runs_for
from kyufu.platform.clock import current_date_in_japan, current_instant
from kyufu.platform.errors import Refused

if TYPE_CHECKING:
    from kyufu.cli.main import Subparsers
    from kyufu.staff.api import Rights

PURPOSE = "名寄せ"


def register(subparsers: Subparsers) -> None:
    """Add `registry merge` and `registry split`."""
    parser = subparsers.add_parser("registry", help="宛名の名寄せと、その取消し")
    actions = parser.add_subparsers(required=True, metavar="操作")
    merging = actions.add_parser("merge", help="住登外者と住民が同じ人だったときに、一人にまとめる")
    merging.add_argument("--resident", required=True, metavar="宛名番号", help="住民の宛名番号（残る番号）")
    merging.set_defaults(run=merge)
    splitting = actions.add_parser("split", help="誤った名寄せを取り消す")
    splitting.set_defaults(run=split)
    for action in (merging, splitting):
        action.add_argument("--non-resident", required=True, metavar="宛名番号", help="住登外者の宛名番号")
        action.add_argument("--why", required=True, help="確認した書類と理由")
        add_staff(action, required=True)


@runs_for(PURPOSE)
def merge(options: argparse.Namespace) -> int:
    """Join the two, shown side by side to whoever proves who they are; nothing of either is moved."""
    from kyufu.registry import api as registry

    source, target = _ids(options.non_resident, options.resident)
    shown = f"次の二人を一人にまとめます。\n  住登外者 {_shown(source)}\n  住民　　 {_shown(target)}"
    rights = _proven(options, about=shown)
    registry.merge_into_resident(
        non_resident=source, resident=target, by=rights.actor(), reason=options.why, at=current_instant()
    )
    print("名寄せをしました。個人番号の金庫は、次の kyufu vault drain で続きます。")
    return 0


@runs_for(PURPOSE)
def split(options: argparse.Namespace) -> int:
    """Undo a join that was a mistake: each is as before."""
    from kyufu.registry import api as registry

    (source,) = _ids(options.non_resident)
    rights = _proven(
        options, about=f"次の名寄せを取り消します。\n  {options.non_resident} → {_shown(source)}"
    )
    registry.split_from_resident(
        non_resident=source, by=rights.actor(), reason=options.why, at=current_instant()
    )
    print("名寄せを取り消しました。個人番号の金庫は、次の kyufu vault drain で続きます。")
    return 0


def _proven(options: argparse.Namespace, *, about: str) -> Rights:
    """The rights of whoever proves who they are: entries of numbers, or none of this is theirs to decide."""
    from kyufu.staff.api import Function, Level, require

    rights = proven_staff(options.staff, about=about, at=current_instant())
    require(rights, Function.NUMBER, level=Level.UPDATE)
    return rights


def _ids(*numbers: str) -> list[int]:
    from kyufu.registry.api import addressee_ids

    found = addressee_ids(numbers)
    if len(found) < len(set(numbers)):
        raise Refused("宛名番号の者が登録されていません。", remedy="宛名番号を確かめてください。")
    return [found[number] for number in numbers]


def _shown(addressee_id: int) -> str:
    from kyufu.registry.api import people

    today = current_date_in_japan()
    person = people([addressee_id], valid_on=today, today=today).get(addressee_id)
    if person is None:
        return "（今日の記録がありません）"
    born = person.birth_date.isoformat() if person.birth_date else person.birth_date_note
    address = "（支援措置のため表示しません）" if person.protected else person.address
    return f"{person.addressee_no}　{person.name}（{person.kana}）　{born}　{address}"
