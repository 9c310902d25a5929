"""Who may allow and make deliveries: holders of the right to deliver to other systems (他システムへの提供)."""

from __future__ import annotations

from kyufu.platform.actors import Actor
from kyufu.staff.api import Function, Level, Rights, require


def require_delivery_right(rights: Rights) -> Actor:
    """The person as actor, where the right to deliver is held; raises Forbidden otherwise."""
    require(rights, Function.DELIVERY, level=Level.UPDATE)
    return rights.actor()
