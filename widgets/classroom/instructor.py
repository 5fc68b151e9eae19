"""The routes of an instructor's notebook: open a room, run it, read it, close it, forget it."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from . import results, rooms
from .export import reasons_csv
from .hall import Hall, read
from .messages import Delete, Hands, NewRoom, Nothing, Refused, Seat, Show, StepTo


def routes(hall: Hall) -> list[BaseRoute]:
    do = hall.as_instructor

    def published(request: Request, version: int) -> None:
        hall.streams.publish(request.path_params["code"], version)

    def with_here(request: Request, state: dict[str, Any]) -> dict[str, Any]:
        return {**state, "here": hall.streams.here(request.path_params["code"], hall.clock.steady())}

    async def open_room(request: Request) -> Response:
        await hall.as_owner(request)
        asked = await read(request, NewRoom)
        made = await hall.writer.do(partial(rooms.make, asked=asked, moment=hall.clock.moment()))
        scheme = "https" if request.scope["secure"] else "http"
        base = hall.public_url or f"{scheme}://{request.headers['host']}"
        return JSONResponse({**made, "url": f"{base.rstrip('/')}/{made['code']}"}, 201)

    async def look(request: Request) -> Response:
        return JSONResponse(with_here(request, await do(request, rooms.look, steady=hall.clock.steady())))

    async def step(request: Request) -> Response:
        asked = await read(request, StepTo)
        try:
            state = await do(request, rooms.step, asked=asked, steady=hall.clock.steady())
        except Refused as refused:
            if "room" in refused.more:
                refused.more["room"] = with_here(request, refused.more["room"])
            raise
        published(request, state["version"])
        return JSONResponse(with_here(request, state))

    async def tally(request: Request) -> Response:
        vote = request.query_params.get("vote", "")
        if vote not in ("1", "2"):
            raise Refused(422, "vote: say which, 1 or 2.")
        return JSONResponse(await do(request, results.tally, item=_item(request), vote=int(vote)))

    async def hands(request: Request) -> Response:
        counted = await read(request, Hands)
        return JSONResponse(await do(request, results.raise_hands, counted=counted))

    async def reasons(request: Request) -> Response:
        return JSONResponse({"reasons": await do(request, results.given_reasons, item=_item(request))})

    async def reasons_file(request: Request) -> Response:
        given = await do(request, results.given_reasons, item=_item(request))
        named = {"Content-Disposition": f'attachment; filename="reasons-{request.path_params["code"]}.csv"'}
        return Response(reasons_csv(given), media_type="text/csv", headers=named)

    async def show(request: Request) -> Response:
        asked = await read(request, Show)
        version = await do(request, results.show_reason, id=request.path_params["id"], shown=asked.shown)
        published(request, version)
        return JSONResponse({"done": True})

    async def tables(request: Request) -> Response:
        asked = await read(request, Seat)
        here = hall.streams.present(request.path_params["code"], hall.clock.steady())
        version, counts = await do(request, results.seat, asked=asked, here=here)
        published(request, version)
        return JSONResponse({"tables": counts})

    async def answers(request: Request) -> Response:
        return JSONResponse(await do(request, results.answers))

    async def close(request: Request) -> Response:
        await read(request, Nothing)
        published(request, await do(request, rooms.close))
        return JSONResponse({"done": True})

    async def forget(request: Request) -> Response:
        try:
            await hall.forget(request, rooms.forget)
        except Refused as refused:
            if refused.status == 503:  # it may be deleted all the same; who is still of it finds out and comes back
                hall.streams.drop(request.path_params["code"])
            raise
        hall.streams.drop(request.path_params["code"])
        return JSONResponse({"done": True})

    async def due(request: Request) -> Response:
        """What has passed its time by the date alone, and so waits for a word."""
        await hall.as_owner(request)
        return JSONResponse({"due": await hall.expire()})

    async def delete_due(request: Request) -> Response:
        await hall.as_owner(request)
        await read(request, Delete)
        return JSONResponse({"due": await hall.expire(asked=True)})

    async def health(request: Request) -> Response:
        return JSONResponse({"ok": True})

    return [
        Route("/api/healthz", health),
        Route("/api/due", due),
        Route("/api/due", delete_due, methods=["POST"]),
        Route("/api/rooms", open_room, methods=["POST"]),
        Route("/api/rooms/{code}", look),
        Route("/api/rooms/{code}", forget, methods=["DELETE"]),
        Route("/api/rooms/{code}/step", step, methods=["POST"]),
        Route("/api/rooms/{code}/tally", tally),
        Route("/api/rooms/{code}/hands", hands, methods=["POST"]),
        Route("/api/rooms/{code}/reasons", reasons),
        Route("/api/rooms/{code}/reasons.csv", reasons_file),
        Route("/api/rooms/{code}/reasons/{id:int}", show, methods=["POST"]),
        Route("/api/rooms/{code}/tables", tables, methods=["POST"]),
        Route("/api/rooms/{code}/answers", answers),
        Route("/api/rooms/{code}/close", close, methods=["POST"]),
    ]


def _item(request: Request) -> str:
    item = request.query_params.get("item", "")
    if not item:
        raise Refused(422, "item: say which scene.")
    return item
