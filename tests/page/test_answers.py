"""What the page answers to a request: one address for each file, strict headers on everything."""

import pytest

from gutexo.page.bundle import STATIC
from gutexo.page.guard import HEADERS, TRY_LATER, Guard, hosts
from gutexo.page.server import application
from tests.page.loops import awaited

PORT = 8000
HOST = f"127.0.0.1:{PORT}"


def respond(path, method="GET", app=None, host=HOST, kind="http", origin=f"http://{HOST}"):
    """Status, headers and body of a request."""
    target, _, query = path.partition("?")
    scope = {
        "type": kind,
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", host.encode()), (b"origin", origin.encode())],
        "extensions": {"websocket.http.response": {}},
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    awaited((app or application(PORT))(scope, receive, send))
    start = sent[0]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return start["status"], [(n.decode(), v.decode()) for n, v in start["headers"]], body


def is_strict(headers):
    """Whether each strict header is there, once."""
    names = [name for name, _ in headers]
    return set(HEADERS.items()) <= set(headers) and all(names.count(name) == 1 for name in HEADERS)


@pytest.mark.parametrize("path", ["/", "/?x=1", "/drawing.js", "/static/page.js?v=2"])
def test_what_is_there_is_served(path):
    status, headers, body = respond(path)
    assert status == 200 and body and is_strict(headers)


def test_every_file_is_served_as_it_is():
    for file in STATIC.iterdir():
        status, headers, body = respond(f"/static/{file.name}")
        assert status == 200 and body == file.read_bytes() and is_strict(headers)
        kind = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}[file.suffix]
        assert dict(headers)["content-type"].startswith(kind)


@pytest.mark.parametrize(
    "path",
    ["/static/page.js/", "/static/page.js/.", "//", "///", "//static/page.js", "/static//page.js",
     "/static%2fpage.js", "/static/%70age.js", "/static/page.js%00", "/static/../static/page.js",
     "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static/../server.py", "/static/",
     "/static", "/drawing.js/", "/live", "/etc/passwd", "/index.html", "/STATIC/page.js", "",
     "/static/page.js;x", "/static/\\page.js", "http://127.0.0.1:8000/", "*"],
)  # fmt: skip
def test_there_is_nothing_at_another_spelling(path):
    status, headers, _ = respond(path)
    assert status == 404 and is_strict(headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_it_can_only_be_read(method):
    status, headers, _ = respond("/", method)
    assert status == 405 and is_strict(headers) and ("allow", "GET, HEAD") in headers
    assert respond("/nothing", method)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1", f"127.0.0.1:{PORT + 1}"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_host_is_refused_strictly(kind, host):
    status, headers, _ = respond("/live", host=host, kind=kind)
    assert status == 403 and is_strict(headers)


@pytest.mark.parametrize("path", ["/", "/live/", "/static/page.js"])
def test_no_socket_is_elsewhere(path):
    status, headers, _ = respond(path, kind="websocket")
    assert status == 403 and is_strict(headers)


@pytest.mark.parametrize(("kind", "code", "status"), [("websocket", TRY_LATER, 503)])
def test_a_full_page_says_so(kind, code, status):
    async def full(scope, receive, send):
        await send({"type": "websocket.close", "code": code})

    found, headers, body = respond("/live", kind=kind, app=Guard(full, hosts(PORT)))
    assert found == status and is_strict(headers) and b"too many" in body


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_an_exception_that_is_not_ours_is_a_strict_answer(kind, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))

    async def broken(scope, receive, send):
        raise KeyError("odd\nname")

    status, headers, body = respond("/", kind=kind, app=Guard(broken, hosts(PORT)))
    assert status == 500 and is_strict(headers)
    assert b"our mistake" in body and body.count(b"\n") == 1 and b"Traceback" not in body
