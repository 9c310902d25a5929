"""The demonstration's offices and people: a user of every role, made by the operations that a city would use.

Passwords and second factors are drawn by chance and kept in a file that only this user of the machine can read.
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from kyufu.documents import api as documents
from kyufu.law.calendar.years import first_march_31_from
from kyufu.law.child.cities import city_of
from kyufu.notation.municipalities import MUNICIPALITIES, Municipality, wards_of
from kyufu.platform.actors import Actor
from kyufu.platform.clock import JAPAN
from kyufu.staff import api as staff

FILE_NAME = "accounts.json"
HEAD_OFFICE, CONTRACTOR_OFFICE = "honcho", "itaku"
TERMINALS = {"この機械（IPv4）": "127.0.0.1/32", "この機械（IPv6）": "::1/128"}
# Who sets up a city before it has a single account, and the two who do the rest.
INSTALLER = Actor("install", "導入担当", "見本の導入")
FIRST, SECOND = "kengen", "kengen-kakunin"
# The clerk at the counter of the first ward lives in the city.
LINKED = "madoguchi"
WHY = "見本のための登録"


class DemoPerson(NamedTuple):
    """A member of staff of the demonstration: `does` says in a clerk's words what for."""

    staff_no: str
    name: str
    kana: str
    office: str
    roles: tuple[str, ...]
    does: str


class Credentials(NamedTuple):
    """What a person signs in with: the password, and the secret of the authenticator app (base32)."""

    password: str
    totp_secret: str


def people() -> tuple[DemoPerson, ...]:
    """The people of the demonstration, as people.toml names them, in the wards of this municipality."""
    rows = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))["person"]
    city = city_of(settings.KYUFU_MUNICIPALITY).code
    wards = {f"ward:{place}": ward for place, ward in enumerate(wards_of(city), start=1)}
    return tuple(_person(row, ward=wards.get(row["office"]), city=city) for row in rows)


def _person(row: dict[str, Any], *, ward: Municipality | None, city: str) -> DemoPerson:
    person = DemoPerson(**{**row, "roles": tuple(row["roles"])})
    if ward is None:
        return person
    name = ward.name.removeprefix(MUNICIPALITIES[city].name)
    return person._replace(office=ward.code, does=person.does.format(ward=name))


def ensure_staff(folder: Path, *, municipality: str, at: datetime) -> dict[str, Credentials]:
    """Make offices, terminals, accounts, rights and second factors that are lacking; returns who signs in with what.

    `municipality` is the city's code. A run that was killed goes on: the credentials are written before their use.
    """
    today = at.astimezone(JAPAN).date()
    credentials = _ensure_credentials(folder / FILE_NAME)
    _ensure_offices(municipality, on=today)
    for person in people():
        _ensure_account(person, credentials=credentials[person.staff_no], on=today, at=at)
    _ensure_rights(on=today, at=at)
    return credentials


def link_to_household(members: Sequence[str], *, on: date) -> None:
    """Let a person of the demonstration be the first of a household's addressee numbers, and the others their family.

    So the review of readings finds something when that person reads them. Twice changes nothing.
    """
    if not members:
        return
    linked, rights = _account_id(LINKED, on=on), staff.rights_of(_account_id(FIRST, on=on), on=on)
    if staff.addressees_of_staff(linked):
        return
    for number in members:
        relation = staff.Relation.SELF if number == members[0] else staff.Relation.FAMILY
        staff.link_addressee(linked, addressee_no=number, relation=relation, rights=rights)


def read_credentials(folder: Path) -> dict[str, Credentials]:
    """The credentials that an earlier run wrote; none where there was none."""
    file = folder / FILE_NAME
    if not file.exists():
        return {}
    return {name: Credentials(*kept) for name, kept in json.loads(file.read_text(encoding="utf-8")).items()}


def _ensure_credentials(file: Path) -> dict[str, Credentials]:
    kept = read_credentials(file.parent)
    lacking = [person.staff_no for person in people() if person.staff_no not in kept]
    if not lacking:
        return kept
    drawn = {name: Credentials(secrets.token_urlsafe(12), generate_totp_secret()) for name in lacking}
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump({**kept, **drawn}, stream, indent=1)
    draft.replace(file)
    return {**kept, **drawn}


def _ensure_offices(municipality: str, *, on: date) -> None:
    there = {office.code for office in staff.list_offices(on=on)}
    for code, name, kind, ward in _offices(municipality):
        if code not in there:
            parent = "" if code == HEAD_OFFICE else HEAD_OFFICE
            staff.add_office(code=code, name=name, kind=kind, valid_from=on, parent=parent, ward_code=ward)
    registered = {terminal.name for terminal in staff.list_terminals(on=on)}
    for name, network in TERMINALS.items():
        if name not in registered:
            staff.register_terminal(name=name, office=HEAD_OFFICE, valid_from=on, network=network)


def _offices(municipality: str) -> Iterator[tuple[str, str, staff.OfficeKind, str]]:
    town = documents.municipality(settings.KYUFU_MUNICIPALITY)
    yield HEAD_OFFICE, f"{town.head_office.section}（見本）", staff.OfficeKind.HEAD, ""
    for ward in wards_of(municipality):
        name = ward.name.removeprefix(MUNICIPALITIES[municipality].name)
        section = town.sender(ward.code).section
        yield ward.code, f"{name} {section}（見本）", staff.OfficeKind.WARD, ward.code
    yield CONTRACTOR_OFFICE, "入力委託事業者（見本）", staff.OfficeKind.CONTRACTOR, ""


@transaction.atomic
def _ensure_account(person: DemoPerson, *, credentials: Credentials, on: date, at: datetime) -> None:
    if staff.find_account(person.staff_no, on=on) is None:
        contractor = person.office == CONTRACTOR_OFFICE
        account = staff.add_account(
            staff_no=person.staff_no,
            personnel_no=f"P-{person.staff_no}",
            name=person.name,
            kana=person.kana,
            kind=staff.AccountKind.CONTRACTOR if contractor else staff.AccountKind.EMPLOYEE,
            office=person.office,
            usable_from=on,
            expires_on=first_march_31_from(on),
            password=secrets.token_urlsafe(16),
            by=INSTALLER,
            at=at,
            why=WHY,
        )
        # As if the person had signed in once and chosen a password.
        staff.change_password(account, new=credentials.password, at=at)
    holder = get_user_model().objects.get(staff_no=person.staff_no)
    if not Authenticator.objects.filter(user=holder).exists():
        TOTP.activate(holder, credentials.totp_secret)


@transaction.atomic
def _ensure_rights(*, on: date, at: datetime) -> None:
    first, second = (_account_id(name, on=on) for name in (FIRST, SECOND))
    if not staff.grants_of(first):
        staff.appoint_first_administrators(first, second_id=second, office=HEAD_OFFICE, at=at)
    asking, confirming = staff.actor_of(first, on=on), staff.rights_of(second, on=on)
    for person in people():
        account = _account_id(person.staff_no, on=on)
        if not staff.grants_of(account):
            _grant(person, account_id=account, on=on, at=at, asking=asking, confirming=confirming)


def _grant(
    person: DemoPerson,
    *,
    account_id: int,
    on: date,
    at: datetime,
    asking: Actor,
    confirming: staff.Rights,
) -> Sequence[int]:
    grants = [
        staff.ask_for_grant(
            account_id, role=role, office=person.office, scheme=staff.Scheme.CHILD, valid_from=on,
            last_day=first_march_31_from(on), by=asking, at=at, why=WHY,
        )
        for role in person.roles
    ]  # fmt: skip
    for grant in grants:
        staff.confirm_grant(grant, rights=confirming, at=at)
    return grants


def _account_id(staff_no: str, *, on: date) -> int:
    found = staff.find_account(staff_no, on=on)
    if found is None:
        raise LookupError(f"the account {staff_no} was not made")
    return found.account_id
