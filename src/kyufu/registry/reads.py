"""The public reads of the registry: each notes whose data it gave and which (DESIGN, promise 8).

A protected address (支援措置) leaves here in two ways only: `protected_address`, for one person, and `postal_address`,
for letters. Both ask that the present access was let through to it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from kyufu.audit.api import EventKind, note_read, notes_asked, notes_found, record_event, the_same
from kyufu.platform.access import Opening, current_access, require_opening
from kyufu.platform.clock import current_date_in_japan
from kyufu.platform.errors import BadInput
from kyufu.registry import compared, contacts, households, nonresidents, queries, search, sheltered
from kyufu.registry.views import AddressWithheld, Found, PersonView, PostalAddress, ProtectedAddress

PERSON = "氏名・生年月日・性別・住所・世帯"
LAW_FACTS = "生年月日・住所地の市区町村の経過・死亡の日"
FOUND = "検索の結果（氏名・生年月日・性別・住所・続柄）"
ALIKE = "氏名と生年月日が同じ者の照合"
SENT_TO = "送付先"
HOUSEHOLD = "世帯員"
SHELTERED = "支援措置の有無"
CONTACTS = "応対記録"
COMPARED = "住民記録の変更の有無（氏名・住所・世帯・住民状態）"
UNDRAWABLE = "印字できない氏名・住所の項目"
LAST_WARD = "最後に登録されていた区"
WHERE_PROTECTED = "支援措置の対象者の住所・送付先"
NOT_OPENED = (
    "支援措置の対象のため、住所と送付先を表示しません。権限のある職員が、理由を入力して確かめてください。"
)


def _everybody(found: Found) -> list[int]:
    return [hit.addressee_id for hit in (*found.hits, *found.near)]


people = notes_asked(queries.people, what=PERSON, whose=the_same)
last_wards = notes_asked(queries.last_wards, what=LAST_WARD, whose=the_same)
person_facts = notes_asked(queries.person_facts, what=LAW_FACTS, whose=the_same)
search_people = notes_found(
    search.search_people, what=FOUND, whose=lambda hits: [hit.addressee_id for hit in hits]
)
find_people = notes_found(search.find_people, what=FOUND, whose=_everybody)
register_compared = notes_asked(
    compared.register_compared,
    what=COMPARED,
    whose=lambda pairs: [one for pair in pairs for one in (pair.child_id, pair.guardian_id)],
)
alike = notes_found(nonresidents.alike, what=ALIKE, whose=the_same)
sheltered_ids = notes_asked(sheltered.sheltered_ids, what=SHELTERED, whose=the_same)


def protected_address(addressee_id: int, *, on: date, today: date) -> ProtectedAddress:
    """Where a protected person is registered on a day and where letters go: the only way to see either.

    Raises Refused where the access was not let through to protected addresses (a right of its own, and a reason),
    BadInput where the person is not registered on the day. Both the read and the act are written down.
    """
    access = require_opening(Opening.PROTECTED_ADDRESS)
    note_read((addressee_id,), what=WHERE_PROTECTED)
    record_event(EventKind.PROTECTED_DISPLAYED, detail={"理由": access.purpose}, subjects=(addressee_id,))
    registered = queries.registered_address(addressee_id, valid_on=on)
    if registered is None:
        raise BadInput("この日の住民記録がありません。", remedy="日付と宛名番号を確かめてください。")
    sent_to = sheltered.postal_address([addressee_id], on=on, today=today)[addressee_id]
    return ProtectedAddress(registered, sent_to)


def _postal_address(
    ids: Collection[int], *, on: date, today: date
) -> dict[int, PostalAddress | AddressWithheld]:
    """Where a letter dated `on` and sent today goes to each of the persons; see `sheltered.postal_address`.

    For a protected person or a member of the household it is withheld from an access that was not let through to
    protected addresses. Printing lets itself through: the paper must reach them, and nobody reads it on its way.
    """
    places = sheltered.postal_address(ids, on=on, today=today)
    if Opening.PROTECTED_ADDRESS in current_access().opened:
        return places
    hidden = sheltered.sheltered_ids(ids, on=on, today=today)
    return {one: AddressWithheld(NOT_OPENED) if one in hidden else place for one, place in places.items()}


def _household_ids(addressee_id: int) -> tuple[int, ...]:
    """The residents of the household (世帯) in which the person lives now, the head first.

    Of a protected household the person alone, unless the access was let through to protected addresses: whoever
    learns that she lives with her mother knows where.
    """
    today = current_date_in_japan()
    hidden = sheltered.sheltered_ids((addressee_id,), on=today, today=today)
    if hidden and Opening.PROTECTED_ADDRESS not in current_access().opened:
        return (addressee_id,)
    return households.household_ids(addressee_id)


def household(addressee_id: int, *, today: date) -> dict[int, PersonView]:
    """The residents of the household in which a person lives now, the head first; see `queries.household`."""
    current_access()
    found = queries.household(addressee_id, today=today)
    note_read((addressee_id,), what=HOUSEHOLD)
    note_read(found, what=PERSON)
    return found


contacts_of = notes_asked(contacts.contacts_of, what=CONTACTS, whose=lambda addressee_id: (addressee_id,))
contact_by_id = notes_found(contacts.contact_by_id, what=CONTACTS, whose=lambda found: (found.addressee_id,))
follow_ups_due = notes_found(
    contacts.follow_ups_due, what=CONTACTS, whose=lambda rows: [row.addressee_id for row in rows]
)
undrawable_items = notes_asked(
    queries.undrawable_items, what=UNDRAWABLE, whose=lambda addressee_id: (addressee_id,)
)
postal_address = notes_asked(_postal_address, what=SENT_TO, whose=the_same)
household_ids = notes_asked(_household_ids, what=HOUSEHOLD, whose=lambda addressee_id: (addressee_id,))
