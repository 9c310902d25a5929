"""What other modules may ask of the registry and have it do."""

from __future__ import annotations

from kyufu.registry.feeds.protection import protection_feed
from kyufu.registry.feeds.residents import resident_feed
from kyufu.registry.nonresidents import (
    NonResident,
    PossibleDuplicate,
    alike,
    correct_non_resident,
    merge_into_resident,
    merged_ids,
    merged_ids_selected,
    register_non_resident,
    split_from_resident,
)
from kyufu.registry.queries import addressee_ids, people, person_facts, search_people
from kyufu.registry.sheltered import postal_address
from kyufu.registry.statistics import Population, count_undrawable_names, population
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
    "NonResident",
    "PersonFacts",
    "PersonView",
    "Population",
    "PossibleDuplicate",
    "PostalAddress",
    "SearchHit",
    "Status",
    "addressee_ids",
    "alike",
    "correct_non_resident",
    "count_undrawable_names",
    "merge_into_resident",
    "merged_ids",
    "merged_ids_selected",
    "people",
    "person_facts",
    "population",
    "postal_address",
    "protection_feed",
    "register_non_resident",
    "resident_feed",
    "search_people",
    "split_from_resident",
]
