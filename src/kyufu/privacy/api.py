"""What the command line may ask of the print."""

from __future__ import annotations

from kyufu.privacy.assessment import Verdict
from kyufu.privacy.changes import PrintChange, compare
from kyufu.privacy.collect import collect_print
from kyufu.privacy.content import PrivacyPrint, read_print, to_json
from kyufu.privacy.wording import change_lines, print_lines

__all__ = [
    "PrintChange",
    "PrivacyPrint",
    "Verdict",
    "change_lines",
    "collect_print",
    "compare",
    "print_lines",
    "read_print",
    "to_json",
]
