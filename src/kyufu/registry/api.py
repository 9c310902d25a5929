"""What other modules may ask of the registry and have it do."""

from __future__ import annotations

from kyufu.registry.feeds.protection import protection_feed
from kyufu.registry.feeds.residents import resident_feed
from kyufu.registry.nonresidents import merged_ids, merged_ids_selected
from kyufu.registry.queries import addressee_ids, people, person_facts, search_people
from kyufu.registry.sheltered import postal_address
from kyufu.registry.views import (
    AddressWithheld,
    PersonFacts,
    PersonView,
    PostalAddress,
    SearchHit,
    Status,
)

__all__ = [
    "AddressWithheld",
    "PersonFacts",
    "PersonView",
    "PostalAddress",
    "SearchHit",
    "Status",
    "addressee_ids",
    "merged_ids",
    "merged_ids_selected",
    "people",
    "person_facts",
    "postal_address",
    "protection_feed",
    "resident_feed",
    "search_people",
]
