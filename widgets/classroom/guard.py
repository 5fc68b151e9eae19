"""What stands before every route: which hosts and origins are answered, how much is read, and what every reply carries.

A class's server stands in the open Wi-Fi of a lecture hall, on the laptop that projects.
"""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .messages import Refused

LARGEST_BODY = 16_384  # bytes; a vote with the longest reason is a third of it
LARGEST_ROOM = 8_000_000  # bytes; the snapshot of the whole course is a fifth of it

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HOST = re.compile(r"(\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[0-9A-Za-z.-]+))(:\d{1,5})?")
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class Guard:
    """Wraps the whole application.

    ``hosts`` are the names that may stand in ``Host``; an IP address always may, since it takes a name to make a
    browser mistake this server for another site (DNS rebinding), and a laptop's address changes with its network.
    ``proxies`` are addresses or networks whose ``X-Forwarded-For`` and ``-Proto`` are believed.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], public_url: str | None = None, proxies: Iterable[str] = ()
    ) -> None:
        self._app = app
        self._public = urlsplit(public_url) if public_url else None
        names = {"localhost", *hosts, *([self._public.hostname or ""] if self._public else [])}
        self._hosts = {name.lower().rstrip(".") for name in names}
        self._proxies = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        scope["address"], scope["secure"] = self._whence(scope, headers)

        async def reply(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message["headers"])
                message["headers"] = given + RAW_HEADERS
                if not any(name.lower() == b"cache-control" for name, _ in given):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        try:
            self._check(scope, headers)
        except Refused as refused:
            await JSONResponse({"error": refused.sentence}, refused.status)(scope, receive, reply)
            return
        await self._app(scope, _limited(scope, headers, receive), reply)

    def _check(self, scope: Scope, headers: Headers) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._known(_hostname(hosts[0])):
            raise Refused(400, "This server does not go by that name. Use the address that the instructor shows.")
        for origin in headers.getlist("origin"):
            if not self._own(origin, hosts[0]):
                raise Refused(403, "Another site's page sent this. Open the room's own page.")
        if scope["method"] in ("POST", "PUT", "PATCH"):
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json":
                raise Refused(415, "Send JSON, with Content-Type: application/json.")
            length = headers.get("content-length", "")
            if length.isdecimal() and int(length) > _largest(scope):  # whoever lies about it is stopped by the count
                raise _too_large(scope)

    def _known(self, name: str) -> bool:
        return name.lower().rstrip(".") in self._hosts or _is_address(name)

    def _own(self, origin: str, host: str) -> bool:
        """Whether a page of this server sent it; ``null`` is a page that hides where it comes from."""
        try:
            parts = urlsplit(origin)
            place = (parts.scheme, parts.netloc.lower())
        except ValueError:
            return False
        if self._public and place == (self._public.scheme, self._public.netloc.lower()):
            return True
        return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()

    def _whence(self, scope: Scope, headers: Headers) -> tuple[str, bool]:
        """The client's address, and whether it came by https; a proxy's word only if the proxy is one of ours."""
        address = scope["client"][0] if scope.get("client") else ""
        secure = scope["scheme"] == "https" or self._called_by_its_https_name(headers)
        if not self._ours(address):
            return address, secure
        secure |= headers.get("x-forwarded-proto", "").strip().lower() == "https"
        # Each proxy appends whom it heard from, so the first from the right that is none of ours is the client.
        for hop in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            if _is_address(hop.strip()):
                address = hop.strip()
                if not self._ours(address):
                    break
            else:
                break
        return address, secure

    def _called_by_its_https_name(self, headers: Headers) -> bool:
        """A tunnel ends the encryption, but the address that the phone has is still https."""
        if self._public is None or self._public.scheme != "https":
            return False
        return headers.get("host", "").lower() == self._public.netloc.lower()

    def _ours(self, address: str) -> bool:
        return (
            bool(self._proxies)
            and _is_address(address)
            and any(ipaddress.ip_address(address) in network for network in self._proxies)
        )


@functools.lru_cache(maxsize=256)
def _hostname(host: str) -> str:
    """The name in a ``Host`` header; "" if that is not a name with, at most, a port."""
    found = HOST.fullmatch(host)
    return (found["address"] or found["name"]) if found else ""


@functools.lru_cache(maxsize=256)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _largest(scope: Scope) -> int:
    return LARGEST_ROOM if scope["path"] == "/api/rooms" else LARGEST_BODY


def _too_large(scope: Scope) -> Refused:
    return Refused(413, f"That is too much at once: {_largest(scope):,} bytes are the most. Send less.")


def _limited(scope: Scope, headers: Headers, receive: Receive) -> Receive:
    """Counts what arrives: a body need not say how long it is, or say it truly."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > _largest(scope):
                raise _too_large(scope)
        return message

    return counted
