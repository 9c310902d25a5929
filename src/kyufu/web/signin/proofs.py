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


BY_PROVIDER = "kyufu_by_provider"


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


def note_provider(request: HttpRequest) -> None:
    """Note that the city's identity provider stood for the password, whose rules do not bind this session."""
    request.session[BY_PROVIDER] = True


def forget_provider(request: HttpRequest) -> None:
    """Note that the session begins by password after all."""
    request.session.pop(BY_PROVIDER, None)


def is_by_provider(request: HttpRequest) -> bool:
    """Did the city's identity provider stand for the password of this session?"""
    return BY_PROVIDER in request.session
