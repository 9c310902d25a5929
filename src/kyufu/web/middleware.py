"""What stands around every request: whose word is believed, what is refused at the door, and what is sent with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address, ip_network
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kyufu.platform import clock
from kyufu.platform.errors import KyufuError
from kyufu.staff import api as staff
from kyufu.web import errors
from kyufu.web.signin import ending

Answer = Callable[[HttpRequest], HttpResponseBase]

_ACCESS_LOG = logging.getLogger("kyufu.web.access")
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)",
}


class TrustNamedProxies:
    """Believe what is forwarded about the client of the proxies named in the settings, and of nobody else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.trusted = [ip_network(one) for one in settings.KYUFU_TRUSTED_PROXIES]
        self.certificate_key = _meta_key(settings.KYUFU_CLIENT_CERTIFICATE_HEADER)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set the client's address from the proxy's word, or take away what a client pretends."""
        if self._is_trusted(request.META.get("REMOTE_ADDR", "")):
            request.META["REMOTE_ADDR"] = self._client_of(request)
        else:
            for key in (*_FORWARDED, self.certificate_key):
                request.META.pop(key, None)
        return self.get_response(request)

    def _is_trusted(self, address: str) -> bool:
        known = readable_address(address)
        return known != "" and any(ip_address(known) in network for network in self.trusted)

    def _client_of(self, request: HttpRequest) -> str:
        """The last address of the chain that is not one of our proxies; what stands before it may be invented."""
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        for address in reversed(chain):
            if not self._is_trusted(address):
                return readable_address(address)
        return str(request.META["REMOTE_ADDR"])


class LogRequests:
    """Write one line for each request: the route, not the address as asked for, and no query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and log what was asked and how long it took."""
        began = perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        _ACCESS_LOG.info(
            "%s /%s %s %.0fms",
            request.method,
            match.route if match else "-",
            response.status_code,
            (perf_counter() - began) * 1000,
        )
        return response


class SetHeaders:
    """Send the headers that keep pages out of caches and frames; files of the application may be cached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers."""
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class RefuseLargeBodies:
    """Refuse a body that no form of ours sends, before it is read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or refuse with 413."""
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isascii() and length.isdigit() and int(length) <= settings.KYUFU_BODY_BYTES:
            return self.get_response(request)
        return errors.show_error(
            request,
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            message="送られたデータが、受け付けられる大きさを超えています。",
            remedy=f"{settings.KYUFU_BODY_BYTES // 1024 // 1024}MB以内のファイルにしてから、送り直してください。",
        )


class RefuseUnregisteredTerminals:
    """Serve registered terminals (端末) only, known by network or by the certificate that a trusted proxy states."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.certificate_key = _meta_key(settings.KYUFU_CLIENT_CERTIFICATE_HEADER)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the terminal in `request.terminal`; or refuse."""
        address = readable_address(str(request.META.get("REMOTE_ADDR", "")))
        terminal = staff.terminal_of(
            address=address,
            fingerprint=str(request.META.get(self.certificate_key, "")),
            on=clock.current_date_in_japan(),
        )
        if terminal is None:
            return errors.show_error(
                request,
                status=HTTPStatus.FORBIDDEN,
                message="この端末は登録されていないため、システムを使えません。",
                remedy="登録された端末から操作するか、端末の登録を情報システムの担当へ依頼してください。",
            )
        request.terminal = terminal  # type: ignore[attr-defined]
        return self.get_response(request)


class EndSessions:
    """End a session that was idle or open too long, left its terminal, or whose account stopped; follow its key."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or say that the session has ended."""
        key = request.session.session_key
        if not request.user.is_authenticated:
            return self.get_response(request)
        seen = staff.see_session(str(key), at=clock.current_instant())
        if seen is None:
            return ending.ended(request, keeps_draft=True)
        if seen.account_id != request.user.pk:
            return ending.ended(request)
        if seen.terminal_id != request.terminal.id:  # type: ignore[attr-defined]
            # A copied cookie: the terminal it came from loses the session as well, and its person notices.
            staff.end_session(str(key), at=clock.current_instant())
            return ending.ended(request)
        response = self.get_response(request)
        if request.user.is_authenticated and request.session.session_key not in (None, key):
            staff.move_session(str(key), to=str(request.session.session_key))
        return response


class ShowErrors:
    """Turn what a view raises into a page; errors that nobody expected get a number."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of an anticipated error; None leaves the others to the handlers of `urls`."""
        if isinstance(exception, KyufuError):
            return errors.show_anticipated(request, error=exception)
        return None


def readable_address(address: str) -> str:
    """The address in its shortest form, IPv4 also where it came in IPv6's clothes; empty for what is none."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return str(mapped or known)


def _meta_key(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}" if header else "HTTP_"
