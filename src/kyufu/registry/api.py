"""What other modules may ask of the registry and have it do."""

from __future__ import annotations

from kyufu.registry import numbers
from kyufu.registry.extract import PROTECTED_ADDRESS, REGISTER_ITEMS, RegisterItem, extract_residents
from kyufu.registry.feeds.protection import protection_feed
from kyufu.registry.feeds.residents import resident_feed
from kyufu.registry.nonresidents import (
    NonResident,
    PossibleDuplicate,
    correct_non_resident,
    merge_into_resident,
    merged_ids,
    merged_ids_selected,
    register_non_resident,
    split_from_resident,
)
from kyufu.registry.queries import SEARCH_LIMIT, addressee_ids
from kyufu.registry.reads import (
    alike,
    household_ids,
    last_wards,
    people,
    person_facts,
    postal_address,
    protected_address,
    search_people,
    sheltered_ids,
)
from kyufu.registry.statistics import Population, count_undrawable_names, population
from kyufu.registry.views import (
    AddressWithheld,
    PersonFacts,
    PersonView,
    PostalAddress,
    ProtectedAddress,
    RegisteredAddress,
    SearchHit,
    Status,
)
from kyufu.registry.worklists import (
    DiscrepancySeen,
    PointKind,
    UndrawableSeen,
    count_points,
    discrepancies,
    person_of_point,
    settle_point,
    undrawable_names,
)

__all__ = [
    "PROTECTED_ADDRESS",
    "REGISTER_ITEMS",
    "SEARCH_LIMIT",
    "AddressWithheld",
    "DiscrepancySeen",
    "NonResident",
    "PersonFacts",
    "PersonView",
    "PointKind",
    "Population",
    "PossibleDuplicate",
    "PostalAddress",
    "ProtectedAddress",
    "RegisterItem",
    "RegisteredAddress",
    "SearchHit",
    "Status",
    "UndrawableSeen",
    "addressee_ids",
    "alike",
    "correct_non_resident",
    "count_points",
    "count_undrawable_names",
    "discrepancies",
    "extract_residents",
    "household_ids",
    "last_wards",
    "merge_into_resident",
    "merged_ids",
    "merged_ids_selected",
    "numbers",
    "people",
    "person_facts",
    "person_of_point",
    "population",
    "postal_address",
    "protected_address",
    "protection_feed",
    "register_non_resident",
    "resident_feed",
    "search_people",
    "settle_point",
    "sheltered_ids",
    "split_from_resident",
    "undrawable_names",
]
