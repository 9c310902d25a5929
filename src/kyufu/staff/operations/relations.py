"""Which addressees are a member of staff or their family: readings of them by that person are reviewed."""

from __future__ import annotations

from django.db import transaction

from kyufu.platform.errors import Refused
from kyufu.staff.functions import Function, Level, Relation
from kyufu.staff.models import Account, StaffRelation
from kyufu.staff.rights import Rights, require
from kyufu.staff.two_persons import refuse_same_person


@transaction.atomic
def link_addressee(account_id: int, *, addressee_no: str, relation: Relation, rights: Rights) -> None:
    """Note an addressee number as the person's own or their family's; twice changes nothing.

    By a holder of the rights function who is not that person. Raises Refused for a second number of the person.
    """
    _refuse_unless_allowed(account_id, rights=rights)
    own = StaffRelation.objects.filter(account_id=account_id, relation=Relation.SELF)
    if relation is Relation.SELF and own.exclude(addressee_no=addressee_no).exists():
        raise Refused(
            "本人の宛名番号はすでに登録されています。", remedy="今の登録を取り消してから登録してください。"
        )
    StaffRelation.objects.update_or_create(
        account_id=account_id, addressee_no=addressee_no, defaults={"relation": relation}
    )


@transaction.atomic
def unlink_addressee(account_id: int, *, addressee_no: str, rights: Rights) -> None:
    """Take a relation away that was wrong or is over; raises Refused where there is none."""
    _refuse_unless_allowed(account_id, rights=rights)
    gone, _ = StaffRelation.objects.filter(account_id=account_id, addressee_no=addressee_no).delete()
    if not gone:
        raise Refused("その宛名番号の登録はありません。", remedy="画面を開き直してください。")


def _refuse_unless_allowed(account_id: int, *, rights: Rights) -> None:
    require(rights, Function.RIGHTS, level=Level.UPDATE)
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise Refused("アカウントがありません。", remedy="職員番号を確かめてください。")
    refuse_same_person(
        first=account.staff_no, second=rights.staff_no, message="自分の宛名番号や家族の登録はできません。"
    )
