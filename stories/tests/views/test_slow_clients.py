"""Those who ask for much and do not read hold some of a process's threads, never all."""

import socket
from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from stories.tests.factories import ClaimFactory, appearance_of
from stories.views import slow_clients

LONG = slow_clients.SOCKET_BUFFER + 1


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What gunicorn hands on: a visitor who is connected and does not read."""
    monkeypatch.setattr(slow_clients, "_sending", BoundedSemaphore(slow_clients.MAX_LONG_ANSWERS))
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
        server.accept()[0] as connection,
    ):
        yield connection


@pytest.mark.django_db
def test_of_ten_who_ask_for_the_list_of_claims_and_do_not_read_two_hold_a_thread(
    client: Client, connection: socket.socket
) -> None:
    appearance_of(ClaimFactory())
    served = {"gunicorn.socket": connection}
    answers = [client.get("/claims.csv", **served) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 2 + [429] * 8
    assert (answers[-1]["Retry-After"], answers[-1]["Cache-Control"]) == ("5", "no-store")
    assert client.get("/", **served).status_code == 200
    assert client.get("/healthz", **served).status_code == 200
    for held in answers[:2]:
        list(held.streaming_content)  # and closed, as when the visitor leaves
    again = client.get("/claims.csv", **served)
    assert (again.status_code, len(list(again.streaming_content))) == (200, 2)


ANSWERS: dict[str, Any] = {
    "a stream": (True, lambda: StreamingHttpResponse(iter(["a"]))),
    "a long page": (True, lambda: HttpResponse("a" * LONG)),
    "a large picture": (True, lambda: FileResponse(b"", headers={"Content-Length": str(LONG)})),
    "a page": (False, lambda: HttpResponse("a" * 100_000)),
    "a small picture": (False, lambda: FileResponse(b"", headers={"Content-Length": "100000"})),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_whatever_is_too_long_to_be_taken_at_once_is_counted(kind: str, connection: socket.socket) -> None:
    counted, make = ANSWERS[kind]
    site = slow_clients.limit_slow_clients(lambda request: make())
    request = RequestFactory().get("/", **{"gunicorn.socket": connection})
    statuses = [site(request).status_code for _ in range(slow_clients.MAX_LONG_ANSWERS + 1)]
    assert statuses == [200, 200, 429 if counted else 200]
    asked_for_the_head = RequestFactory().head("/", **{"gunicorn.socket": connection})
    assert site(asked_for_the_head).status_code == 200


def test_what_is_not_counted_is_taken_off_the_thread_while_nobody_reads(connection: socket.socket) -> None:
    site = slow_clients.limit_slow_clients(lambda request: HttpResponse("ok"))
    site(RequestFactory().get("/", **{"gunicorn.socket": connection}))
    assert connection.gettimeout() == slow_clients.SEND_TIMEOUT
    connection.setblocking(False)
    assert connection.send(b"a" * slow_clients.SOCKET_BUFFER) == slow_clients.SOCKET_BUFFER
