"""What a municipality's child subsidy is made of: its name and code, its articles, its parameter files, its choices.

A municipality is one such record in a small module of its own and one parameter file; everything else is shared.
`docs/guides/add-a-municipality.md` says how another one is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from kyufu.law.decision import Citation
from kyufu.law.parameters.entries import Table

AGE_LAW = Citation("年齢計算ニ関スル法律（明治35年法律第50号）・民法", "第143条", "official")


class Sources(NamedTuple):
    """The articles that the reasons of a municipality cite: who is entitled, to what, under which limit ..."""

    entitled: Citation
    benefit: Citation
    limit: Citation
    application: Citation
    exclusion: Citation
    prefecture: Citation
    income: Citation


class Files(NamedTuple):
    """The names of the parameter files: the city's rules, the prefecture's, what is printed, and of renewals."""

    city: str
    prefecture: str
    printed: str
    renewal: str

    @property
    def deciding(self) -> tuple[str, ...]:
        """The files that decide; a change of one of them changes the version that decisions name."""
        return self.city, self.prefecture


@dataclass(frozen=True, slots=True)
class JudgingRules:
    """Who of the guardians is judged, and whose levies exempt from the own part.

    `judged_guardian` higher_earner; `exempt_levy` every_levy (所得割・均等割) or income_levy (所得割);
    `exempt_guardians` every_guardian or judged_guardian.
    """

    judged_guardian: str
    exempt_levy: str
    exempt_guardians: str


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """One municipality, equal to itself alone.

    `code` is the 全国地方公共団体コード, `prefecture_word` what its prefecture is called (県, 道). `judging` stands for
    the table of that name where its file has none; `tables` are those that its file has beyond the common ones.
    """

    key: str
    code: str
    name: str
    scheme: str
    rule: str
    prefecture: str
    prefecture_word: str
    sources: Sources
    files: Files
    judging: JudgingRules | None = None
    tables: tuple[Table, ...] = ()

    @property
    def full_scheme(self) -> str:
        """The scheme with the municipality before it, as headings name it."""
        return f"{self.name} {self.scheme}"

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every article that a decision may rest on, each once."""
        sources = self.sources
        return tuple(
            dict.fromkeys(
                (
                    sources.entitled,
                    sources.benefit,
                    sources.limit,
                    sources.application,
                    AGE_LAW,
                    sources.prefecture,
                    sources.income,
                )
            )
        )
