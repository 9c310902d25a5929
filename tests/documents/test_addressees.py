"""No document names anybody of the household but the child and the guardian it goes to, nor another's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kyufu.documents.compose import Setting
from kyufu.documents.content import Addressee, CertificateContent
from kyufu.documents.jobs import Item
from kyufu.documents.selection import Chosen, select, texts_of
from kyufu.registry.api import AddressWithheld, PersonView, PostalAddress
from tests.documents import samples
from tests.documents.sources import Source

# Eight places of a household: five children, then three adults, of whom any may be the guardian of any child.
CHILDREN, ADULTS = range(5), range(5, 8)
KANJI = "〇一二三四五六七八九"
CASES = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(CHILDREN), st.sampled_from(ADULTS)), unique=True, max_size=20
)


def number_of(household: int, *, place: int) -> int:
    """The id of somebody by household and place in it."""
    return household * 10 + place


def written(number: int) -> str:
    """A number of four digits in kanji, so that no name or address is part of another."""
    return "".join(KANJI[int(digit)] for digit in f"{number:04}")


def name_of(number: int) -> str:
    """A name that nobody else has."""
    return f"見本　{written(number)}"


def address_of(number: int) -> str:
    """An address that nobody else has: members of one household may live apart."""
    return f"横浜市港北区大豆戸町{written(number)}番地"


@dataclass
class Households(Source):
    """Whole households: whatever is asked about one of them, everybody is told of, in any order."""

    cases: Sequence[tuple[int, int, int]] = ()
    random: Random = field(default_factory=lambda: Random(0))

    def due(self) -> list[Item]:
        """One certificate for each child of each guardian."""
        return [
            Item(
                index,
                5_000 + index,
                index,
                child := number_of(household, place=place),
                guardian := number_of(household, place=adult),
                samples.certificate_row(index=index)._replace(child_id=child, guardian_id=guardian),
            )
            for index, (household, place, adult) in enumerate(self.cases, start=1)
        ]

    def everybody(self) -> list[int]:
        """All members of all households, in any order."""
        ids = [number_of(household, place=place) for household in range(1, 10) for place in range(8)]
        self.random.shuffle(ids)
        return ids

    def people(self, ids: Sequence[int], _: Setting) -> Mapping[int, PersonView]:
        """Everybody, asked for or not."""
        assert set(ids) <= set(self.everybody())
        return {one: samples.person(name=name_of(one), address=address_of(one)) for one in self.everybody()}

    def addresses(self, ids: Sequence[int], _: Setting) -> Mapping[int, PostalAddress | AddressWithheld]:
        """Everybody's own postal address, asked for or not."""
        assert set(ids) <= set(self.everybody())
        return {one: samples.postal(name=name_of(one), address=address_of(one)) for one in self.everybody()}


def chosen_of(cases: Sequence[tuple[int, int, int]], *, seed: int) -> list[Chosen]:
    """What is printed of the cases; nothing may be left out."""
    source = Households([], cases=cases, random=Random(seed))
    chosen, out = select(source.due(), job=source.job(), setting=samples.SETTING)
    assert out == []
    assert [one.item for one in chosen] == source.due()
    return chosen


@given(cases=CASES, seed=st.integers(0, 9_999))
@settings(max_examples=40, deadline=None)
def test_the_name_on_the_envelope_is_the_guardians_of_the_case(
    cases: list[tuple[int, int, int]], seed: int
) -> None:
    for one in chosen_of(cases, seed=seed):
        content, guardian = one.content, one.item.guardian_id
        assert isinstance(content, CertificateContent)
        assert content.addressee == Addressee(
            "2220032", address_of(guardian), samples.BUILDING, name_of(guardian)
        )
        assert (content.card.child_name, content.card.guardian_name) == (
            name_of(one.item.child_id),
            name_of(guardian),
        )


@given(cases=CASES, seed=st.integers(0, 9_999))
@settings(max_examples=40, deadline=None)
def test_nobody_else_of_the_household_is_named_on_a_document(
    cases: list[tuple[int, int, int]], seed: int
) -> None:
    for one in chosen_of(cases, seed=seed):
        text = "\n".join(texts_of(one.content))
        concerned = {one.item.child_id, one.item.guardian_id}
        told = {
            number
            for household in range(1, 10)
            for number in (number_of(household, place=place) for place in range(8))
            if name_of(number) in text or address_of(number) in text
        }
        assert told == concerned
