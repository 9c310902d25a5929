"""What a session has proven about the person, and when: the password (or the city's provider), and a second factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.http import HttpRequest

from kyufu.platform import clock
from kyufu.staff.api import sign_in_policy


class Proof(StrEnum):
    """A kind of proof, and the name under which the session keeps its instant."""

    PASSWORD = "kyufu_password_at"  # noqa: S105 - the name of a key
    SECOND_FACTOR = "kyufu_second_factor_at"


def note_proof(request: HttpRequest, *, proof: Proof) -> None:
    """Note that the session has proven it just now."""
    request.session[proof] = clock.current_instant().isoformat()


def has_proven(request: HttpRequest, *, proof: Proof) -> bool:
    """Has the session proven it at all?"""
    return proof in request.session


def is_fresh(request: HttpRequest, *, proof: Proof) -> bool:
    """Was it proven so lately that a sensitive act may follow (reauth_minutes)?"""
    proven = request.session.get(proof)
    if proven is None:
        return False
    minutes = sign_in_policy(clock.current_date_in_japan()).reauth_minutes
    return clock.current_instant() < datetime.fromisoformat(proven) + timedelta(minutes=minutes)
