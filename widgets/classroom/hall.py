"""What all routes share: the writer, who is listening, the clock, and who has been wrong too often."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from . import answers, expiry
from .clock import Clock
from .messages import Refused
from .rooms import Wrong
from .store import Operation
from .streams import Streams
from .tokens import Failures, matches
from .writer import Writer

Body = TypeVar("Body", bound=BaseModel)


class Hall:
    """One server's rooms."""

    def __init__(self, writer: Writer, clock: Clock, key_hash: str, public_url: str | None) -> None:
        self.writer, self.clock, self.public_url = writer, clock, public_url
        self.streams = Streams()
        self._key_hash, self._failures = key_hash, Failures()

    async def as_phone(self, request: Request, operation: Operation, token: str | None) -> Any:
        """The operation, for a phone. After too many failures from its address only a good token opens anything."""
        if self._failures.too_many(request.scope["address"], self.clock.steady()):
            known = partial(answers.who, code=request.path_params["code"], token=token)
            return await self._counted(request, partial(self.writer.do, lambda c: (known(c), operation(c))[1]))
        return await self._counted(request, partial(self.writer.do, operation))

    async def as_instructor(self, request: Request, operation: Callable[..., Any], **about: Any) -> Any:
        """The operation, with the room's code and the secret that came with the request."""
        bound = partial(operation, code=request.path_params["code"], secret=_bearer(request), **about)
        return await self._counted(request, partial(self.writer.do, bound))

    async def forget(self, request: Request, operation: Callable[..., Any]) -> None:
        """As an instructor, and nothing of what is deleted stays in the log."""
        bound = partial(operation, code=request.path_params["code"], secret=_bearer(request))
        await self._counted(request, partial(self.writer.do, bound, wipes=True))

    async def as_owner(self, request: Request) -> None:
        """Refuse whoever has not the server's key."""

        async def check() -> None:
            if not matches(_bearer(request) or "", self._key_hash):
                raise Wrong(401, "Only the server's key opens rooms. It was told when the server started.")

        await self._counted(request, check)

    async def expire(self, *, asked: bool = False) -> list[dict[str, Any]]:
        """Delete what has passed its time; what is due by the date alone, and so waits for a word."""
        operation = partial(expiry.expire, moment=self.clock.moment(), asked=asked)
        due: list[dict[str, Any]] = await self.writer.do(operation, wipes=True)
        return due

    async def _counted(self, request: Request, attempt: Callable[[], Awaitable[Any]]) -> Any:
        address, now = request.scope["address"], self.clock.steady()
        blocked = self._failures.too_many(address, now)
        try:
            return await attempt()
        except Refused as refused:
            if blocked and refused.status in (401, 404):
                raise Refused(
                    429, "Too many wrong codes came from this network. Wait a minute, then try again."
                ) from None
            if isinstance(refused, Wrong):
                self._failures.add(address, now)
            raise


async def read(request: Request, model: type[Body]) -> Body:
    """The request's body as that model; refuses, with the field and what is wrong with it, what does not fit."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise Refused(400, "That is not JSON. Send one JSON object.") from None
        raise Refused(422, f"{in_place(first['loc'])}{_ADVICE.get(first['type'], first['msg'])}.") from None


def in_place(loc: tuple[int | str, ...]) -> str:
    """Where in the body: ``items.0: ``; "" for the whole of it."""
    return f"{'.'.join(str(part) for part in loc)}: "[:200] if loc else ""


_ADVICE = {
    "extra_forbidden": "there is no such field",
    "missing": "this field is missing",
    "model_type": "send one JSON object",
    "string_unicode": "this text has characters that cannot be kept",
}


def _bearer(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret else None
