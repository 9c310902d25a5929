"""What allauth reports while a person proves who they are, or changes their second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.base_user import AbstractBaseUser
from django.dispatch import receiver
from django.http import HttpRequest

from kyufu.audit.api import EventKind
from kyufu.web.signin import records
from kyufu.web.signin.proofs import Proof, forget_provider, note_proof, note_provider

_PROOFS = {"password": Proof.PASSWORD, "socialaccount": Proof.PASSWORD, "mfa": Proof.SECOND_FACTOR}


@receiver(authentication_step_completed)
def note_step(request: HttpRequest, *, method: str, user: AbstractBaseUser, **extra: Any) -> None:
    """Note what was proven just now; a proof given again is recorded."""
    note_proof(request, proof=_PROOFS[method])
    if method == "socialaccount":
        note_provider(request)
    if method == "password" and not extra.get("reauthenticated"):
        forget_provider(request)
    if extra.get("reauthenticated"):
        records.record_of_account(
            request, kind=EventKind.REAUTHENTICATED, account_id=user.pk, detail={"step": method}
        )


@receiver(password_changed)
def record_password(request: HttpRequest, *, user: AbstractBaseUser, **_: Any) -> None:
    """Record that a person changed their password; they have just proven the old one."""
    note_proof(request, proof=Proof.PASSWORD)
    records.record_of_account(request, kind=EventKind.PASSWORD_CHANGED, account_id=user.pk)


@receiver(authenticator_added)
def record_added(request: HttpRequest, *, user: AbstractBaseUser, authenticator: Any, **_: Any) -> None:
    """Record a new second factor; its owner has just used it, unless it is a list of recovery codes."""
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        note_proof(request, proof=Proof.SECOND_FACTOR)
    _record_factor(request, user=user, authenticator=authenticator, what="added")


@receiver(authenticator_removed)
def record_removed(request: HttpRequest, *, user: AbstractBaseUser, authenticator: Any, **_: Any) -> None:
    """Record that a second factor was taken away."""
    _record_factor(request, user=user, authenticator=authenticator, what="removed")


@receiver(authenticator_reset)
def record_reset(request: HttpRequest, *, user: AbstractBaseUser, authenticator: Any, **_: Any) -> None:
    """Record that new recovery codes were made."""
    _record_factor(request, user=user, authenticator=authenticator, what="made anew")


def _record_factor(request: HttpRequest, *, user: AbstractBaseUser, authenticator: Any, what: str) -> None:
    detail = {"factor": str(authenticator.type), "change": what}
    records.record_of_account(
        request, kind=EventKind.SECOND_FACTOR_CHANGED, account_id=user.pk, detail=detail
    )
