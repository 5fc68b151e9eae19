"""The OpenAPI document, from the pydantic models. Pages, files and the stream of events are not in it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import messages as m
from .tokens import ALPHABET, CODE_LENGTH

REFUSALS = {
    400: "It is not JSON, or it came by another name.",
    401: "The token, secret or key is wrong or missing.",
    403: "Another site's page sent it.",
    404: "There is no such room or reason.",
    409: "The room does not stand so that this can be done.",
    413: "It is too long.",
    415: "It is not sent as JSON.",
    422: "A field is wrong.",
    429: "Too many wrong codes came from this address.",
    503: "The disk is full; send it again.",
}
CODE = {"type": "string", "pattern": f"^[{ALPHABET}]{{{CODE_LENGTH}}}$"}
ITEM = {"type": "string", "minLength": 1, "maxLength": 130}
VOTE = {"type": "string", "enum": ["1", "2"]}


@dataclass(frozen=True)
class Operation:
    """One route: who may call it, what it takes and what it replies."""

    method: str
    path: str
    summary: str
    by: str | None  # a security scheme
    reply: type[BaseModel]
    request: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    status: int = 200


OPERATIONS = (
    Operation("get", "/api/healthz", "Whether the server runs.", None, m.Health),
    Operation("get", "/api/due", "What has expired and waits for a word.", "key", m.DueList),
    Operation("post", "/api/due", "Delete what has expired.", "key", m.DueList, m.Delete),
    Operation("post", "/api/rooms", "Open a room.", "key", m.RoomMade, m.NewRoom, status=201),
    Operation("get", "/api/rooms/{code}", "How the room stands.", "secret", m.RoomState),
    Operation("delete", "/api/rooms/{code}", "Forget the room and all that is in it.", "secret", m.Done),
    Operation("post", "/api/rooms/{code}/step", "Take the room to a step.", "secret", m.RoomState, m.StepTo),
    Operation("get", "/api/rooms/{code}/tally", "What a vote adds up to.", "secret", m.Tally, query=("item", "vote")),
    Operation("post", "/api/rooms/{code}/hands", "Count a show of hands.", "secret", m.HandsCounted, m.Hands),
    Operation("get", "/api/rooms/{code}/reasons", "The reasons that were given.", "secret", m.Reasons, query=("item",)),
    Operation("post", "/api/rooms/{code}/reasons/{id}", "Let a reason through.", "secret", m.Done, m.Show),
    Operation("post", "/api/rooms/{code}/tables", "Seat those together who differ.", "secret", m.Tables, m.Seat),
    Operation("get", "/api/rooms/{code}/answers", "All answers to closed votes.", "secret", m.Answers),
    Operation("post", "/api/rooms/{code}/close", "End the class.", "secret", m.Done, m.Nothing),
    Operation("post", "/{code}/join", "Join as a phone.", None, m.Joined, m.Nothing),
    Operation("get", "/{code}/state", "All that this phone may know.", "phone", m.PhoneState),
    Operation("put", "/{code}/vote", "Answer, or change the answer.", "phone", m.Kept, m.CastVote),
)
PARAMETERS = {
    "code": {"name": "code", "in": "path", "required": True, "schema": CODE},
    "id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}},
    "item": {"name": "item", "in": "query", "required": True, "schema": ITEM},
    "vote": {"name": "vote", "in": "query", "required": True, "schema": VOTE},
}


@functools.cache
def document() -> dict[str, Any]:
    """The whole document; nobody changes it."""
    models: dict[type[BaseModel], None] = {m.Failure: None}
    for operation in OPERATIONS:
        models |= dict.fromkeys(model for model in (operation.reply, operation.request) if model)
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Where the Line Is: a class", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "The server's own key."},
                "secret": {"type": "http", "scheme": "bearer", "description": "The room's secret, told once."},
                "phone": {"type": "apiKey", "in": "cookie", "name": "wtli-CODE", "description": "Set by joining."},
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    named = [name for name in ("code", "id") if f"{{{name}}}" in operation.path] + list(operation.query)
    described: dict[str, Any] = {
        "summary": operation.summary,
        "parameters": [PARAMETERS[name] for name in named],
        "responses": {
            str(operation.status): _body(operation.reply, "Done."),
            **{str(status): _body(m.Failure, sentence) for status, sentence in REFUSALS.items()},
        },
    }
    if operation.by:
        described["security"] = [{operation.by: []}]
    if operation.request:
        described["requestBody"] = {"required": True, **_body(operation.request)}
    return described


def _body(model: type[BaseModel], description: str | None = None) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    return {"content": content} if description is None else {"description": description, "content": content}
