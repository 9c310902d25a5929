"""A city's identity provider (庁内の認証基盤): OpenID Connect's authorisation code flow with PKCE, one user at a time.

It plays what OpenID Connect Core 1.0 (3.1) and RFC 7636 ask of a provider towards one client: a code serves once, only
with the secret and the verifier that belong to it. It asks nobody for a password: `subject` says who is at the desk.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


@dataclass
class IdentityProvider:
    """What the provider knows: its client, who sits at the desk, and the codes it gave out."""

    client_id: str
    client_secret: str
    subject: str = ""
    issued_at: int = 0
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def authorise(self, asked: dict[str, str]) -> str | None:
        """The address to go back to with a code; None where the client is not ours or brings no challenge."""
        if asked.get("client_id") != self.client_id or asked.get("code_challenge_method") != "S256":
            self.refused.append("authorise")
            return None
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "subject": self.subject}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, sent: dict[str, str], *, issuer: str) -> dict[str, Any] | None:
        """The tokens for a code; None where the code, the secret, the address or the verifier is wrong."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or not self._belongs(sent, asked=asked):
            self.refused.append("exchange")
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = asked["subject"]
        claims = {
            "iss": issuer,
            "aud": self.client_id,
            "sub": asked["subject"],
            "iat": self.issued_at,
            "exp": self.issued_at + 300,
        }
        return {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self._signed(claims),
        }

    def _belongs(self, sent: dict[str, str], *, asked: dict[str, str]) -> bool:
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        return (
            sent.get("client_id") == self.client_id
            and hmac.compare_digest(sent.get("client_secret", ""), self.client_secret)
            and sent.get("redirect_uri") == asked["redirect_uri"]
            and _base64url(digest) == asked["code_challenge"]
        )

    def _signed(self, claims: dict[str, Any]) -> str:
        parts = [_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        signature = hmac.new(self.client_secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
        return ".".join([*parts, _base64url(signature)])


class Handler(BaseHTTPRequestHandler):
    """The addresses of the provider."""

    server: Server

    def do_GET(self) -> None:
        """Configuration, authorisation and the user's claims."""
        address = urlsplit(self.path)
        if address.path == "/.well-known/openid-configuration":
            self._say(self.server.configuration())
        elif address.path == "/authorize":
            self._send_back({name: value[0] for name, value in parse_qs(address.query).items()})
        elif address.path == "/userinfo":
            self._say_who()
        else:
            self._say({"error": "not_found"}, status=404)

    def do_POST(self) -> None:
        """Tokens for a code."""
        length = int(self.headers.get("Content-Length", "0"))
        sent = {name: value[0] for name, value in parse_qs(self.rfile.read(length).decode()).items()}
        tokens = self.server.provider.exchange(sent, issuer=self.server.origin)
        self._say(tokens or {"error": "invalid_grant"}, status=200 if tokens else 400)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _send_back(self, asked: dict[str, str]) -> None:
        address = self.server.provider.authorise(asked)
        if address is None:
            self._say({"error": "unauthorized_client"}, status=400)
            return
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _say_who(self) -> None:
        subject = self.server.provider.tokens.get(
            self.headers.get("Authorization", "").removeprefix("Bearer ")
        )
        self._say({"sub": subject} if subject else {"error": "invalid_token"}, status=200 if subject else 401)

    def _say(self, answer: dict[str, Any], *, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The provider at an address of this machine; `serve_forever` runs it."""

    def __init__(self, provider: IdentityProvider, *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.provider = provider

    @property
    def origin(self) -> str:
        """The address of the provider."""
        return f"http://127.0.0.1:{self.server_port}"

    def configuration(self) -> dict[str, Any]:
        """What OpenID Connect Discovery 1.0 publishes."""
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/authorize",
            "token_endpoint": f"{self.origin}/token",
            "userinfo_endpoint": f"{self.origin}/userinfo",
            "jwks_uri": f"{self.origin}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
