"""The terminal of a request, worked out a second time with the standard library's networks."""

from __future__ import annotations

import ipaddress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kyufu.staff import api as staff
from tests.staff.town import TODAY, Town, days

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def network(base: int, length: int) -> Network:
    return ipaddress.ip_network((0x0A000000 + base, length), strict=False)


networks = st.lists(
    st.builds(network, st.integers(0, 0xFFFF), st.sampled_from([16, 20, 24, 28, 30, 32])),
    max_size=6,
    unique=True,
)


class Undo(Exception):
    """Takes an example's rows away again."""


@pytest.mark.requirement("ATG-216")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(registered=networks, address=st.integers(0, 0x1FFFF), lengthens=st.integers(0, 5))
def test_the_narrowest_registered_network_is_the_terminal(
    town: Town, registered: list[Network], address: int, lengthens: int
) -> None:
    asked = ipaddress.ip_address(0x0A000000 + address)
    with pytest.raises(Undo), transaction.atomic():
        for number, one in enumerate(registered):
            staff.register_terminal(name=f"T{number}", office="TSU", valid_from=TODAY, network=str(one))
        for number in range(min(lengthens, len(registered))):
            staff.close_terminal(f"T{number}", from_day=TODAY + days(1))
        for on, left in ((TODAY, registered), (TODAY + days(1), registered[lengthens:])):
            within = [one for one in left if asked in one]
            found = staff.terminal_of(address=str(asked), fingerprint="", on=on)
            narrowest = max(within, key=lambda one: one.prefixlen, default=None)
            expected = None if narrowest is None else f"T{registered.index(narrowest)}"
            assert (found.name if found else None) == expected
        raise Undo


@pytest.mark.parametrize(
    ("address", "name"),
    [("2001:db8::7", "六版"), ("2001:db8:1::7", None), ("::ffff:10.0.0.7", None), ("10.0.0.7", "四版")],
)
def test_both_versions_of_addresses(town: Town, address: str, name: str | None) -> None:
    staff.register_terminal(name="六版", office="TSU", valid_from=TODAY, network="2001:db8::/48")
    staff.register_terminal(name="四版", office="TSU", valid_from=TODAY, network="10.0.0.0/28")
    found = staff.terminal_of(address=address, fingerprint="", on=TODAY)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("fingerprint", ["ab" * 31 + "ac", "AB" * 16, " " + "ab" * 32, "%", "' OR true --"])
def test_a_fingerprint_that_is_not_the_registered_one_is_none(town: Town, fingerprint: str) -> None:
    staff.register_terminal(name="証明書", office="TSU", valid_from=TODAY, fingerprint="ab" * 32)
    assert staff.terminal_of(address="", fingerprint=fingerprint, on=TODAY) is None
    assert staff.terminal_of(address="", fingerprint="AB" * 32, on=TODAY) is not None
