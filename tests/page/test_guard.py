"""Hostile visitors: refused or ignored, and the page goes on for the others."""

import http.client
import json
import math
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from gutexo.errors import GutexoError
from gutexo.page.guard import VISITORS
from gutexo.page.wish import Wish

pytestmark = pytest.mark.gate


def got(address, path="/", **headers):
    """Status and headers of a request."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in {"Host": parts.netloc, **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def live(address, **headers):
    """A socket as a page of this address has it."""
    return connect(
        address.replace("http", "ws") + "/live",
        additional_headers=headers or {"Origin": address},
        max_size=None,
    )


def is_well(address):
    """Whether somebody else can still watch a mouse."""
    with live(address) as socket:
        assert json.loads(socket.recv())["about"] == "hello"
        socket.send(json.dumps({"do": "begin", "wish": {"arm": "young + vehicle"}}))
        while not isinstance(socket.recv(timeout=180), bytes):
            pass


def test_files_come_with_strict_headers_and_nothing_else_does(address):
    status, headers, shell = got(address)
    assert status == 200 and b"gutexo" in shell
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/etc/passwd", "/live"):
        assert got(address, path)[0] in (400, 403, 404, 405)


def test_another_host_or_origin_is_refused(address):
    port = urlsplit(address).port
    assert got(address, Host=f"evil.example:{port}")[0] == 403
    assert got(address, Host="")[0] in (400, 403)
    for origin in (
        "http://evil.example",
        f"https://127.0.0.1:{port}",
        "null",
        "http://127.0.0.1:1",
    ):
        with pytest.raises(InvalidStatus):
            live(address, Origin=origin)
    with pytest.raises(InvalidStatus):
        connect(address.replace("http", "ws") + "/live")
    is_well(address)


def test_malformed_messages_are_told_and_large_ones_end_the_visit(address):
    with live(address) as socket:
        socket.recv()
        for wrong in ("", "{", "[1]", "null", '"x"', '{"do": "fly"}', '{"do": []}', '{"do":"play"}',
                      '{"do": "begin", "wish": {"arm": "x"}}', '{"do": "begin", "wish": 3}',
                      '{"do":"begin","wish":{"changes":{"resolution.packets":1e9}}}',
                      '{"do":"begin","wish":{"changes":{"insulin.cargo_block":"3"}}}',
                      '{"do":"begin","wish":{"seed":-1}}', "[" * 5000):  # fmt: skip
            socket.send(wrong)
            answer = json.loads(socket.recv(timeout=10))
            assert answer["about"] == "error" and "\n" not in answer["line"], wrong
            assert "Traceback" not in answer["line"]
        socket.send("x" * 20_000)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    with live(address) as socket:
        socket.recv()
        socket.send(b"\x00\x01")
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    is_well(address)


def test_a_flood_ends_the_visit(address):
    with live(address) as socket:
        socket.recv()
        with pytest.raises(ConnectionClosed):
            for _ in range(2000):
                socket.send('{"do": "fly"}')
            while True:
                socket.recv(timeout=10)
    is_well(address)


def test_frames_wait_for_whoever_draws_slowly(address):
    """A page that is slow to draw gets fewer frames, never a queue of old ones."""
    with live(address) as socket:
        socket.recv()
        socket.send(json.dumps({"do": "begin", "wish": {"arm": "young + vehicle"}}))
        while not isinstance(socket.recv(timeout=60), bytes):
            pass
        socket.send('{"do": "drawn", "frame": 1}')
        socket.send('{"do": "play"}')
        for number in (2, 3, 4):
            frame = socket.recv(timeout=10)
            while not isinstance(frame, bytes):
                frame = socket.recv(timeout=10)
            size = int.from_bytes(frame[:4], "little")
            assert json.loads(frame[4 : 4 + size])["frame"] == number
            with pytest.raises(TimeoutError):
                while not isinstance(socket.recv(timeout=0.4), bytes):
                    pass
            socket.send(json.dumps({"do": "drawn", "frame": number}))


def test_too_many_visitors_wait_outside(address):
    inside = []
    try:
        for _ in range(VISITORS):
            inside.append(live(address))
            inside[-1].recv()
        with pytest.raises((ConnectionClosed, InvalidStatus)):
            live(address).recv(timeout=10)
    finally:
        for socket in inside:
            socket.close()
    is_well(address)


def test_a_second_visitor_does_not_disturb_the_first(address):
    def days(socket, other=None):
        socket.recv()
        socket.send(json.dumps({"do": "begin", "wish": {"arm": "young + vehicle", "seed": 4}}))
        while not isinstance(message := socket.recv(timeout=60), bytes):
            pass
        socket.send(json.dumps({"do": "drawn", "frame": 1}))
        if other is not None:
            other.recv()
            other.send(json.dumps({"do": "begin", "wish": {"seed": 9}}))
        socket.send(json.dumps({"do": "csv"}))
        message = json.loads(socket.recv(timeout=60))
        return message["text"]

    with live(address) as first, live(address) as second:
        disturbed = days(first, second)
    with live(address) as alone:
        assert days(alone) == disturbed


@pytest.mark.parametrize(
    "wrong",
    [{"arm": "x" * 500}, {"seed": True}, {"seed": 2**60}, {"changes": {"a": 1.0}}, {"path": "/etc"},
     {"changes": {"insulin.cargo_block": math.nan}}, {"changes": {"insulin.cargo_block": 1e9}},
     {"full": 1}, [], None, {"changes": {f"a{n}": 1.0 for n in range(99)}}],
)  # fmt: skip
def test_a_wish_that_cannot_be_is_told_in_a_line(wrong):
    with pytest.raises(GutexoError) as caught:
        Wish.of(wrong)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
