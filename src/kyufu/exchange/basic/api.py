"""What other modules may ask of 個人基本 and have it do."""

from __future__ import annotations

from kyufu.exchange.basic.catalogue import ITEMS, NUMBER, PROTECTED_ADDRESS
from kyufu.exchange.basic.operations.deliveries import deliver
from kyufu.exchange.basic.operations.lists import (
    confirm_list,
    propose_list,
    register_system,
    withdraw_list,
)
from kyufu.exchange.basic.queries import deliveries, item_list, item_lists, list_in_force, systems
from kyufu.exchange.basic.states import ListState
from kyufu.exchange.basic.views import Asked, Delivered, ItemListView, Mode

__all__ = [
    "ITEMS",
    "NUMBER",
    "PROTECTED_ADDRESS",
    "Asked",
    "Delivered",
    "ItemListView",
    "ListState",
    "Mode",
    "confirm_list",
    "deliver",
    "deliveries",
    "item_list",
    "item_lists",
    "list_in_force",
    "propose_list",
    "register_system",
    "systems",
    "withdraw_list",
]
