"""The state machines of the registry's worklists."""

from __future__ import annotations

from kyufu.platform.feeds.states import worklist_machine

DISCREPANCIES = worklist_machine("registry_discrepancy")
UNDRAWABLE = worklist_machine("registry_undrawable_name")
