"""Offices and terminals are added and closed."""

from __future__ import annotations

import ipaddress
from datetime import date

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kyufu.platform.errors import BadInput, Refused
from kyufu.staff.functions import OfficeKind
from kyufu.staff.models import Office, Terminal
from kyufu.staff.policy import sign_in_policy

_CHECK_CODE = "所属コードを確かめてください。"


@transaction.atomic
def add_office(
    *, code: str, name: str, kind: OfficeKind, valid_from: date, parent: str = "", ward_code: str = ""
) -> int:
    """Add an office below `parent` (code, empty for the top); a ward's office names its municipality code.

    Raises Refused where the code is taken, the parent is not there, or kind and ward code do not fit.
    """
    above = office_row(parent, on=valid_from).pk if parent else None
    if (kind is OfficeKind.WARD) != bool(ward_code):
        raise Refused(
            "区役所の所属には区の団体コードが要り、ほかの所属には付けられません。",
            remedy="種別と区の団体コードを確かめてください。",
        )
    try:
        with transaction.atomic():
            added = Office.objects.create(
                code=code,
                name=name,
                kind=kind,
                parent_id=above,
                ward_code=ward_code,
                valid=DateRange(valid_from, None),
            )
    except IntegrityError:
        raise Refused("その所属は登録できません。", remedy=f"名前が空でないか、{_CHECK_CODE}") from None
    return int(added.pk)


@transaction.atomic
def close_office(code: str, *, from_day: date) -> None:
    """Let an office end before `from_day`; postings and rights there end with it."""
    office = office_row(code, on=from_day)
    first = office.valid.lower
    if from_day <= first:
        raise Refused("所属が始まる前の日です。", remedy="廃止の日を確かめてください。")
    Office.objects.filter(pk=office.pk).update(valid=DateRange(first, from_day))


@transaction.atomic
def register_terminal(
    *, name: str, office: str, valid_from: date, network: str | None = None, fingerprint: str | None = None
) -> int:
    """Register a terminal by its network (CIDR) or the SHA-256 fingerprint of its certificate, exactly one of them.

    Raises BadInput for a mark that cannot be read, Refused for a network so wide that it names no terminal.
    """
    if (network is None) == (fingerprint is None):
        raise BadInput(
            "端末の印がありません。", remedy="ネットワークか証明書の指紋のどちらかを指定してください。"
        )
    if network is not None:
        _refuse_wide_network(network, on=valid_from)
    if fingerprint is not None and not _is_fingerprint(fingerprint):
        raise BadInput(
            "証明書の指紋が 64 桁の 16 進数ではありません。", remedy="SHA-256 の指紋を指定してください。"
        )
    at_office = office_row(office, on=valid_from)
    try:
        with transaction.atomic():
            added = Terminal.objects.create(
                name=name,
                network=network,
                fingerprint=fingerprint and fingerprint.lower(),
                office=at_office,
                valid=DateRange(valid_from, None),
            )
    except IntegrityError:
        raise Refused("その名前の端末は登録済みです。", remedy="端末の名前を変えてください。") from None
    return int(added.pk)


@transaction.atomic
def close_terminal(name: str, *, from_day: date) -> None:
    """Take a terminal out of use from a day on; raises Refused where it is not in use by then."""
    terminal = Terminal.objects.select_for_update().filter(name=name).first()
    if terminal is None or from_day <= terminal.valid.lower or terminal.valid.upper is not None:
        raise Refused("その端末は使用中ではありません。", remedy="端末の名前と日を確かめてください。")
    Terminal.objects.filter(pk=terminal.pk).update(valid=DateRange(terminal.valid.lower, from_day))


def office_row(code: str, *, on: date) -> Office:
    """The office of a code that exists on the day; raises Refused where there is none."""
    found = Office.objects.filter(code=code, valid__contains=on).first()
    if found is None:
        raise Refused("その所属は、その日にはありません。", remedy=_CHECK_CODE)
    return found


def _refuse_wide_network(network: str, *, on: date) -> None:
    try:
        parsed = ipaddress.ip_network(network)
    except ValueError:
        raise BadInput(
            "ネットワークの書き方が違います。", remedy="192.0.2.0/28 のように書いてください。"
        ) from None
    least = sign_in_policy(on).terminal_prefix_least
    if parsed.prefixlen < least:
        raise Refused(
            "ネットワークが広すぎて、端末を特定できません。", remedy=f"前置長を {least} 以上にしてください。"
        )


def _is_fingerprint(text: str) -> bool:
    return len(text) == 64 and all(each in "0123456789abcdefABCDEF" for each in text)
