"""An individual number (個人番号) in the program's hands: masked in every text form, given out only on request."""

from __future__ import annotations

import hmac
from typing import NoReturn, SupportsIndex

from django.views.decorators.debug import sensitive_variables

from kyufu.notation.check_digits import INDIVIDUAL_NUMBER
from kyufu.platform.errors import BadInput

MASK = "************"


class NumberSecret:
    """An individual number that no log, error, traceback or pickle shows; `reveal()` gives it out.

    `parse` checks the digits; the constructor takes what was checked, or is to be checked, elsewhere. Two secrets are
    compared in constant time. It has no hash, so that it becomes no key of a mapping that is then printed.
    """

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    @sensitive_variables()
    def parse(cls, text: str) -> NumberSecret:
        """Read 12 digits with a right check digit; raises BadInput with the reason and without the number.

        Source: 評価書 横浜市 L2787-2788 (check on entry; a wrong one shows nobody).
        """
        problem = INDIVIDUAL_NUMBER.problem_with(text)
        if problem is not None:
            raise BadInput(problem, remedy="番号確認書類をもう一度見て入力してください。") from None
        return cls(text)

    def reveal(self) -> str:
        """The number itself, for the one place that shows or sends it."""
        return self._text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NumberSecret):
            return NotImplemented
        return hmac.compare_digest(self._text, other._text)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an individual number is not pickled or copied")


def mask(text: str) -> str:
    """An addressee number with all but its last four characters hidden, to tell a clerk which one it is."""
    return "*" * max(len(text) - 4, 0) + text[-4:]
