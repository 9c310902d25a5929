"""A security key in software: it makes a key pair, signs challenges, and counts (W3C Web Authentication, Level 2)."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SecurityKey:
    """One key, registered at one site, as a browser at an origin would drive it."""

    def __init__(self, *, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)
        self.counter = 0

    def register(self, options: dict[str, Any]) -> str:
        """Answer to a request to make a credential, as the JSON that the form sends."""
        asked = options["publicKey"]
        credential = AttestedCredentialData.create(
            b"\x00" * 16, self.credential_id, ES256.from_cryptography_key(self.private.public_key())
        )
        data = AuthenticatorData.create(
            self._hash(asked["rp"]["id"]),
            PRESENT_AND_VERIFIED | AuthenticatorData.FLAG.AT,
            self.counter,
            bytes(credential),
        )
        response = {
            "clientDataJSON": self._client_data("webauthn.create", challenge=asked["challenge"]),
            "attestationObject": bytes(AttestationObject.create("none", data, {})),
            "transports": ["usb"],
        }
        return self._answer(response)

    def answer(self, options: dict[str, Any]) -> str:
        """Answer to a request to sign, as the JSON that the form sends."""
        asked = options["publicKey"]
        self.counter += 1
        data = bytes(AuthenticatorData.create(self._hash(asked["rpId"]), PRESENT_AND_VERIFIED, self.counter))
        client_data = self._client_data("webauthn.get", challenge=asked["challenge"])
        signature = self.private.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": data,
            "signature": signature,
            "userHandle": b"1",
        }
        return self._answer(response)

    def _client_data(self, kind: str, *, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        identifier = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "type": "public-key",
                "id": identifier,
                "rawId": identifier,
                "authenticatorAttachment": "cross-platform",
                "response": {
                    name: websafe_encode(value) if isinstance(value, bytes) else value
                    for name, value in response.items()
                },
                "clientExtensionResults": {"credProps": {"rk": False}},
            }
        )

    @staticmethod
    def _hash(relying_party: str) -> bytes:
        return hashlib.sha256(relying_party.encode()).digest()
