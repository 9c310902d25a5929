"""What may be delivered to whom, and what was delivered."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from kyufu.exchange.basic.folders import place_of
from kyufu.exchange.basic.models import Delivery, ItemList, System
from kyufu.exchange.basic.states import ListState
from kyufu.exchange.basic.views import Asked, Delivered, ItemListView, Mode
from kyufu.law.calendar.period import Period


def systems() -> tuple[tuple[str, str], ...]:
    """Code and name of every system, by code."""
    return tuple(System.objects.order_by("code").values_list("code", "name"))


def item_lists(system: str | None = None) -> tuple[ItemListView, ...]:
    """The lists of one system or of all, by system and first day."""
    found = _lists().order_by("system__code", "in_force", "pk")
    return tuple(map(view_of, found if system is None else found.filter(system__code=system)))


def item_list(list_id: int) -> ItemListView | None:
    """One list by its id."""
    found = _lists().filter(pk=list_id).first()
    return None if found is None else view_of(found)


def list_in_force(system: str, *, on: date) -> ItemListView | None:
    """The confirmed list of a system on a day, None where the system may have nothing."""
    found = _lists().filter(system__code=system, state=ListState.CONFIRMED, in_force__contains=on).first()
    return None if found is None else view_of(found)


def deliveries(system: str | None = None) -> tuple[Delivered, ...]:
    """What was delivered (情報連携記録), by system and number."""
    found = Delivery.objects.select_related("system").order_by("system__code", "seq")
    return tuple(map(delivered_view, found if system is None else found.filter(system__code=system)))


def _lists() -> QuerySet[ItemList]:
    return ItemList.objects.select_related("system").prefetch_related("items")


def view_of(made: ItemList) -> ItemListView:
    """A list as it stands, with what its rows say now and the digest of what was entered."""
    asked = Asked(
        system=made.system.code,
        valid=Period(made.valid.lower, made.valid.upper),
        law_basis=made.law_basis,
        reason=made.reason,
        items=tuple(sorted((one.item, one.reason) for one in made.items.all())),
        uses_individual_number=made.uses_individual_number,
        number_law_basis=made.number_law_basis,
    )
    return ItemListView(
        list_id=made.pk,
        system_name=made.system.name,
        asked=asked,
        in_force=Period(made.in_force.lower, made.in_force.upper),
        state=ListState(made.state),
        digest=made.digest,
        proposed_by=made.proposed_by,
        confirmed_by=made.confirmed_by,
    )


def delivered_view(made: Delivery) -> Delivered:
    """A delivery of the ledger and where its file lies."""
    return Delivered(
        system=made.system.code,
        seq=made.seq,
        mode=Mode(made.mode),
        on=made.on_day,
        made_at=made.made_at,
        made_by=made.made_by,
        list_id=made.item_list_id,
        told=made.told_count,
        ended=made.ended_count,
        sha256=made.sha256,
        path=place_of(made.system.code, name=made.name),
    )
