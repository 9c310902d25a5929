"""A virus scanner (ウイルス検査): reads a file on its standard input and answers by its exit status.

0 is clean, 1 is infected, anything else a failure. It knows one sign, the test file of EICAR, which every scanner takes
for a virus and which does no harm. `--seconds` makes it slow, `--fail` makes it fail.

    python standins/virus_scanner.py [--seconds 5] [--fail] < file
"""

from __future__ import annotations

import argparse
import sys
import time

CLEAN, INFECTED, FAILED = 0, 1, 2
# In two parts, so that no scanner takes this file for one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def main() -> int:
    """Look at the standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--fail", action="store_true")
    options = parser.parse_args()
    content = sys.stdin.buffer.read()
    time.sleep(options.seconds)
    if options.fail:
        return FAILED
    return INFECTED if EICAR in content else CLEAN


if __name__ == "__main__":
    sys.exit(main())
