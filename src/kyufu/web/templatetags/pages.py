"""Filters of the pages: days by era, instants in Japan's time, periods with their last day, and codes in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template

from kyufu.cases import api as cases
from kyufu.law.calendar.period import ONE_DAY, Period
from kyufu.law.calendar.wareki import GREGORIAN_FROM, format_wareki, format_wareki_month
from kyufu.law.child.labels import OUTCOME_LABELS, benefit_class_label, reason_label
from kyufu.law.decision import Outcome
from kyufu.notation.display import format_date, format_postal_code, format_yen
from kyufu.notation.municipalities import municipality_name
from kyufu.platform.clock import JAPAN
from kyufu.registry import api as registry
from kyufu.staff import api as staff
from kyufu.web import tokens
from kyufu.web.pages import words
from kyufu.web.pages.stated import Ticket
from kyufu.web.templatetags.kyufu import screen_url

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A day by era with the western year beside it; nothing for none."""
    return "" if value is None else format_date(value)


@register.filter
def born(value: date | None) -> str:
    """A date of birth; in words where it is not known."""
    return "不明" if value is None else format_date(value)


@register.filter
def moment(value: datetime | None) -> str:
    """An instant as a clerk in Japan reads it; nothing for none."""
    if value is None:
        return ""
    here = value.astimezone(JAPAN)
    return f"{format_wareki(here.date())} {here:%H:%M}"


@register.filter
def period(value: Period | None) -> str:
    """A period from its first to its last day, both included."""
    if value is None:
        return "期間なし"
    first = format_date(value.start) if value.start >= GREGORIAN_FROM else "（始まりの定めなし）"
    last = value.last_day
    return f"{first}から{'（終わりの定めなし）' if last is None else format_date(last) + 'まで'}"


@register.filter
def yen(value: int | None) -> str:
    """An amount of yen; in words where it is not known."""
    return "不明" if value is None else format_yen(value)


@register.filter
def postal(value: str) -> str:
    """A postal code with its mark; nothing for none."""
    return format_postal_code(value) if value else ""


@register.filter
def ward(value: str) -> str:
    """The ward of a 6-digit code."""
    return municipality_name(value)


@register.filter
def application_state(value: str | None) -> str:
    """The state of an application in words."""
    return "" if value is None else cases.japanese(cases.ApplicationState(value))


@register.filter
def certificate_state(value: str) -> str:
    """The state of a certificate in words."""
    return cases.japanese(cases.CertificateState(value))


@register.filter
def application_kind(value: str) -> str:
    """The kind of an application in words."""
    return cases.japanese(cases.Kind(value))


@register.filter
def came_by(value: str) -> str:
    """The way an application came in, in words."""
    return cases.japanese(cases.Channel(value))


@register.filter
def handed(value: str) -> str:
    """How a card left the office, in words."""
    return cases.japanese(cases.HandoverWay(value))


@register.filter
def handed_to(value: str) -> str:
    """Who was given a card, in words."""
    return cases.japanese(cases.ApplicantKind(value))


@register.filter
def shown(value: str) -> str:
    """The document by which a person was confirmed (身元確認), in words."""
    return words.IDENTITIES.get(str(value), str(value))


@register.filter
def number_shown(value: str) -> str:
    """The document by which an individual number was confirmed (番号確認), in words."""
    return words.NUMBER_DOCUMENTS.get(str(value), str(value))


@register.filter
def seen_as(value: str) -> str:
    """In what form documents were seen, in words."""
    return words.SEEN_AS.get(str(value), str(value))


@register.filter
def benefit_class(value: str | None) -> str:
    """The class of benefit in words; nothing for none."""
    return "" if value is None else benefit_class_label(value)


@register.filter
def outcome(value: str) -> str:
    """The answer of a judgement in words."""
    return OUTCOME_LABELS[Outcome(value)]


@register.filter
def word(value: object) -> str:
    """The clerks' word for a code of the registry, the evidence or the log; the code itself where there is none."""
    return words.WORDS.get(str(value), str(value))


@register.filter
def sex(value: str) -> str:
    """The sex of the register's code in words."""
    return words.SEXES.get(value, value)


@register.filter
def relation(value: str) -> str:
    """The relation to the head of the household in words."""
    return words.RELATIONS.get(value, value)


@register.filter
def last_day(ends_before: date | None) -> str:
    """The last day of what ends before a day; in words where it has no end."""
    return "定めなし" if ends_before is None else format_date(ends_before - ONE_DAY)


@register.filter
def scheme(value: str) -> str:
    """A scheme of benefits in words."""
    return staff.SCHEME_NAMES[staff.Scheme(value)]


@register.filter
def account_state(value: str) -> str:
    """The state of an account in words."""
    return staff.ACCOUNT_STATE_NAMES[staff.AccountState(value)]


@register.filter
def grant_state(value: str) -> str:
    """The state of a grant in words."""
    return staff.GRANT_STATE_NAMES[staff.GrantState(value)]


@register.filter
def account_kind(value: str) -> str:
    """The kind of an account in words."""
    return staff.ACCOUNT_KIND_NAMES[staff.AccountKind(value)]


@register.filter
def office_kind(value: str) -> str:
    """The kind of an office in words."""
    return staff.OFFICE_KIND_NAMES[staff.OfficeKind(value)]


@register.filter
def proposal_kind(value: str) -> str:
    """What a proposal is about, in words."""
    return staff.PROPOSAL_NAMES[staff.ProposalKind(value)]


@register.simple_tag(takes_context=True)
def sealed(context: dict[str, Any], *, kind: str, key: str | int) -> str:
    """The sealed token of an object or of a place in a list, for the query of an address."""
    return tokens.token_for(kind=kind, key=key, account_id=context["request"].user.pk)


@register.filter
def years(value: Period) -> str:
    """The calendar year of a period by era (令和7年); the period itself where it is no year."""
    last = value.last_day
    if last is None or (value.start.year, value.start.month, last.month) != (last.year, 1, 12):
        return period(value)
    return format_wareki(last).partition("年")[0] + "年"


@register.filter
def fiscal(value: int) -> str:
    """A fiscal year (年度) by era, with the western year beside."""
    return f"{format_wareki(date(value, 12, 31)).partition('年')[0]}年度（{value}年度）"


@register.simple_tag(takes_context=True)
def contact_url(context: dict[str, Any], *, code: str, ticket: Ticket, contact: registry.ContactSeen) -> str:
    """The address of a screen for a contact record of the person of a ticket."""
    return screen_url(context, code, kind="contact", key=ticket.key_of(contact.contact_id))


@register.filter
def month(value: date) -> str:
    """The month of a day by era with the western year beside it."""
    return f"{format_wareki_month(value)}（{value.year}年）"


@register.filter
def thousands(value: int | None) -> str:
    """A count with its thousands apart; a dash for none."""
    return "—" if value is None else f"{value:,}"


@register.filter
def reason(code: str) -> str:
    """A reason of the law in a few words."""
    return reason_label(code)
