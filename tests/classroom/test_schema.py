"""The server against its own description: whatever schemathesis makes of it gets a described reply, and no traceback."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import schemathesis
from class_server import BEST, KEY, Class
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from widgets.classroom.messages import RoomState
from widgets.classroom.openapi import OPERATIONS, document
from widgets.classroom.tokens import Failures

SOME = settings(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LABELS = [f"{operation.method.upper()} {operation.path}" for operation in OPERATIONS]


class World:
    """A room in the middle of a vote, its phone, and the schema of its server."""

    def __init__(self, server: Class) -> None:
        self.server = server
        self.schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
        self.operations = {found.ok().label: found.ok() for found in self.schema.get_all_operations()}
        self.fresh()

    def fresh(self) -> None:
        self.room = self.server.open()
        self.phone = self.room.phone()
        self.room.step("vote1", asks_reason=True)
        self.phone.vote("off-duty", reason="Because.")
        self.token = self.phone.http.cookies[f"wtli-{self.room.code}"]

    def send(self, case: Case, *, known: bool) -> None:
        """Send it, most often to the room that there is and by who may; the reply must be one that is described."""
        self.server.app.state.hall._failures = Failures()
        secret = KEY if case.operation.label.endswith(("/api/rooms", "/api/due")) else self.room.secret
        headers = {"Authorization": f"Bearer {secret}", "Cookie": f"wtli-{self.room.code}={self.token}"}
        if known and "code" in (case.path_parameters or {}):
            case.path_parameters["code"] = self.room.code
        case.cookies = {}
        reply = case.call(headers=headers)
        case.validate_response(reply, checks=CHECKS)
        if reply.status_code >= 400:
            assert reply.json()["error"].endswith(".")
        if self.room.desk.get(self.room.path).status_code == 404:
            self.fresh()


# Of schemathesis's checks those that hold for one request; who may ask is tried in test_security.py.
schemathesis.checks.load_all_checks()
CHECKS = [
    schemathesis.checks.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    )
]


@pytest.fixture(scope="module")
def world(server: Class) -> World:
    return World(server)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "does not fit"])
def test_every_request_gets_a_reply_that_is_described(
    world: World, label: str, mode: GenerationMode, caplog: pytest.LogCaptureFixture
) -> None:
    operation = world.operations[label]
    if mode == GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
        mode = GenerationMode.POSITIVE  # nothing of it can be wrong

    @SOME
    @given(case=operation.as_strategy(mode), known=st.sampled_from([True, True, True, False]))
    def run(case: Any, known: bool) -> None:
        world.send(case, known=known)

    run()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_stream_is_not_described_and_all_else_of_the_interface_is(server: Class) -> None:
    described = {(operation.method.upper(), operation.path) for operation in OPERATIONS}
    routes = {
        (method, route.path.replace(":int", "")) for route in server.app.routes for method in route.methods - {"HEAD"}
    }
    pages = {
        "/",
        "/{code}",
        "/assets/{version}/{name}",
        "/openapi.json",
        "/{code}/events",
        "/api/rooms/{code}/reasons.csv",
    }
    assert described == {(method, path) for method, path in routes if path not in pages}


def test_the_document_comes_from_the_models(server: Class) -> None:
    served = server.client().get("/openapi.json").json()
    assert served == document()
    assert served["components"]["schemas"]["RoomState"]["required"] == [
        name for name, field in RoomState.model_fields.items() if field.is_required()
    ]
    assert BEST not in str(served)
