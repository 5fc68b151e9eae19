"""The routes of a phone: the page, joining, the state, a vote, and the stream of versions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from .. import assets, style
from ..markup import render
from . import answers
from .hall import Hall, read
from .messages import CastVote, Nothing, Refused
from .streams import EventStream
from .tokens import is_code

FOR_EVER = "public, max-age=31536000, immutable"
SCRIPTS = ("phone.js", "room.js", "vignette.js")
COOKIE_DAYS = 30


def cookie_name(code: str) -> str:
    return f"wtli-{code}"


def routes(hall: Hall) -> list[BaseRoute]:
    version = assets.version()
    folder = f"/assets/{version}"

    async def do(request: Request, operation: Callable[..., Any], **about: Any) -> Any:
        """The operation, with the room's code and this browser's token for it."""
        code = request.path_params["code"]
        token = request.cookies.get(cookie_name(code))
        return await hall.as_phone(request, partial(operation, code=code, token=token, **about), token)

    def keep(request: Request, response: Response, token: str) -> None:
        """Have this browser hold the token, for this room alone."""
        code = request.path_params["code"]
        response.set_cookie(
            cookie_name(code),
            token,
            max_age=COOKIE_DAYS * 86_400,
            path=f"/{code}",
            httponly=True,
            samesite="lax",
            secure=request.scope["secure"],
        )

    async def welcome(request: Request) -> Response:
        """A form that asks for the code."""
        typed = request.query_params.get("code", "")
        code = "".join(typed.split()).upper()
        if is_code(code):
            return RedirectResponse(f"/{code}", 303)
        return HTMLResponse(render("join.html", assets=folder, wrong=typed or None), 404 if typed else 200)

    async def page(request: Request) -> Response:
        """The room's page, the same for a phone that joins and one that comes back."""
        code = request.path_params["code"]
        if not is_code(code) and is_code(code.upper()):
            return RedirectResponse(f"/{code.upper()}", 303)  # the cookie's path is the code as it is written
        try:
            found = await do(request, answers.arrive)
        except Refused as refused:
            if refused.status != 404:
                raise
            return HTMLResponse(render("join.html", assets=folder, wrong=code), 404)
        response = HTMLResponse(render("phone.html", code=code, assets=folder, **found))
        if not found["joined"] and answers.waits(request.cookies.get(cookie_name(code))) is None:
            keep(request, response, answers.waiting_token())
        return response

    async def join(request: Request) -> Response:
        await read(request, Nothing)
        alias, token = await do(request, answers.join)
        response = JSONResponse({"alias": alias})
        if token is not None:
            keep(request, response, token)
        return response

    async def state(request: Request) -> Response:
        now = hall.clock.steady()
        phone, seen = await do(request, answers.look, steady=now)
        hall.streams.saw(request.path_params["code"], phone, now)
        return JSONResponse(seen)

    async def vote(request: Request) -> Response:
        cast = await read(request, CastVote)
        return JSONResponse(await do(request, answers.vote, cast=cast, now=hall.clock.wall()))

    async def events(request: Request) -> Any:
        phone = await do(request, answers.who)
        return EventStream(hall.streams, phone.code, phone.phone, phone.version)

    async def asset(request: Request) -> Response:
        """A file of the page; under the version that the page names it may be kept for ever."""
        name = request.path_params["name"]
        keep = {"Cache-Control": FOR_EVER if request.path_params["version"] == version else "no-cache"}
        if name == "phone.css":
            return Response(style.phone_style(), media_type="text/css", headers=keep)
        if name == "favicon.svg":
            return FileResponse(assets.FRONTEND / name, media_type="image/svg+xml", headers=keep)
        if name in SCRIPTS:
            return FileResponse(assets.FRONTEND / name, media_type="text/javascript", headers=keep)
        raise Refused(404, "There is nothing here.")

    return [
        Route("/{code}/state", state),
        Route("/{code}/vote", vote, methods=["PUT"]),
        Route("/{code}/events", events),
        Route("/{code}/join", join, methods=["POST"]),
        Route("/", welcome),
        Route("/{code}", page),
        Route("/assets/{version}/{name}", asset),
    ]
