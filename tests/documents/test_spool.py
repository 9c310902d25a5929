"""Contents that wait to be sorted: taken back as they were, in any order, and gone with the process."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from kyufu.documents.content import Kind
from kyufu.documents.spool import DIGEST_SIZE, Spool, digest_of
from tests.documents import samples


def test_certificates_come_back_as_they_were_in_any_order(tmp_path: Path) -> None:
    contents = [samples.certificate(index=index) for index in range(1, 20)]
    with Spool(tmp_path, kind=Kind.CERTIFICATE) as spool:
        places = [spool.put(content) for content in contents]
        assert spool.take(places[::-1]) == contents[::-1]
        assert spool.take([places[3], places[3]]) == [contents[3]] * 2
        assert spool.take([]) == []


def test_letters_come_back_with_their_kind_sections_and_tables(tmp_path: Path) -> None:
    for kind, letter in (
        (Kind.REJECTION, samples.rejection()),
        (Kind.LOSS, samples.loss()),
        (Kind.MISSING_FACTS, samples.request()),
    ):
        with Spool(tmp_path, kind=kind) as spool:
            (back,) = spool.take([spool.put(letter)])
        assert back == letter
        assert getattr(back, "kind", None) is kind


def test_nothing_of_it_can_be_found_in_the_folder(tmp_path: Path) -> None:
    with Spool(tmp_path, kind=Kind.CERTIFICATE) as spool:
        spool.put(samples.certificate())
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.integers(1, 9), max_size=12))
def test_places_do_not_overlap(indices: list[int]) -> None:
    with TemporaryDirectory() as folder, Spool(Path(folder), kind=Kind.CERTIFICATE) as spool:
        places = [spool.put(samples.certificate(index=index)) for index in indices]
        ends = [place.start + place.length for place in places]
        assert [place.start for place in places] == [0, *ends][: len(places)]
        assert spool.take(places) == [samples.certificate(index=index) for index in indices]


def test_a_digest_speaks_for_all_that_is_said_but_the_mark() -> None:
    setting = samples.SETTING
    plain = samples.certificate()
    marked = samples.certificate(
        setting=type(setting)(setting.municipality, setting.dated, setting.today, "")
    )
    assert digest_of(plain) == digest_of(marked)
    assert len(digest_of(plain)) == 2 * DIGEST_SIZE
    others = [
        samples.certificate(index=2),
        samples.certificate(of=samples.people(to=samples.postal(name="見本　桃子"))),
        samples.certificate(of=samples.people(to=samples.postal(address="横浜市中区別の町１"))),
        samples.certificate(of=samples.people(child=samples.person(name="見本　次郎"))),
    ]
    assert len({digest_of(one) for one in [plain, *others]}) == 5
