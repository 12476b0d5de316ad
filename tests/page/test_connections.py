"""Connections that lead nowhere are dropped, and there are never too many of them."""

import resource
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gutexo.page.connections import CONNECTIONS, PATIENCE
from tests.page.test_guard import got, is_well

pytestmark = pytest.mark.gate

COMMAND = [sys.executable, "-c", "from gutexo.cli import main; main()", "page", "--no-browser"]
HOST = "Host: {host}\r\n"
UPGRADE = (
    "GET /live HTTP/1.1\r\n" + HOST + "Origin: http://{host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
)
HALF = {
    "nothing at all": "",
    "blank lines": "\r\n\r\n",
    "half a line": "GET / HT",
    "half the headers": "GET / HTTP/1.1\r\n" + HOST,
    "half a body": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 900\r\n\r\nx",
    "half a body after an answer": "GET / HTTP/1.1\r\n" + HOST + "Content-Length: 900\r\n\r\nx",
    "half a chunk": "POST /x HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nff\r\nx",
    "half a handshake": UPGRADE,
    "a handshake without a key": UPGRADE + "\r\n",
    "two requests, the second half": "GET /x HTTP/1.1\r\n" + HOST + "\r\nGET / HTTP/1.1\r\nHo",
    "no HTTP": "\x16\x03\x01 hello\r\n\r\n",
}


def connected(address, text=""):
    """A connection on which a text was sent."""
    parts = urlsplit(address)
    line = socket.create_connection((parts.hostname, parts.port))
    line.sendall(text.replace("{host}", parts.netloc).encode("latin-1"))
    return line


def is_closed(line, seconds):
    """Whether the other side ends a connection before so many seconds are over."""
    end = time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0:
            line.settimeout(left)
            if not line.recv(65536):
                return True
    except TimeoutError:
        return False
    except OSError:
        return True
    return False


def test_what_is_sent_by_halves_is_dropped(address):
    lines = {name: connected(address, text) for name, text in HALF.items()}
    # Nobody reads the answers to these, of which there are more than the system keeps.
    unread = connected(address, ("GET /drawing.js HTTP/1.1\r\n" + HOST + "\r\n") * 2000)
    # One that sends a byte now and then is no better than one that sends none.
    slow = connected(address, "GET / HTTP/1.1\r\n")
    end = time.monotonic() + 8 * PATIENCE
    try:
        while time.monotonic() < end:
            slow.sendall(b"a")
            time.sleep(0.2)
        pytest.fail("it may send for ever")
    except OSError:
        pass
    for name, line in lines.items():
        assert is_closed(line, 8 * PATIENCE), name
    time.sleep(1.5 * PATIENCE)
    unread.settimeout(5)
    size, whole = 0, 2000 * len(got(address, "/drawing.js")[2])
    try:
        while part := unread.recv(1 << 20):
            size += len(part)
    except ConnectionError:
        pass
    assert size < whole / 2  # It was cut off, and not answered to the end.


def test_whoever_asks_is_answered_however_many_wait(address):
    waiting = [connected(address, HALF["half the headers"]) for _ in range(4 * CONNECTIONS)]
    try:
        assert got(address)[0] == 200
        held = sum(not is_closed(line, 0.01) for line in waiting)
        assert held <= CONNECTIONS
    finally:
        for line in waiting:
            line.close()
    is_well(address)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="limits of Linux")
def test_a_full_file_table_is_said_once(tmp_path):
    with open(tmp_path / "said", "wb") as said:
        process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=said, text=True)
    lines = []
    try:
        address = process.stdout.readline().split()[0].rstrip("/")
        assert got(address)[0] == 200
        used = max(int(path.name) for path in Path(f"/proc/{process.pid}/fd").iterdir())
        _, most = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (used + 8, most))
        end = time.monotonic() + 6.0
        while time.monotonic() < end:
            lines.append(connected(address))
            time.sleep(0.05)
        said = (tmp_path / "said").read_text()
        assert said.count("nobody else can come in") == 1
        # The model may be on its way in when no more files can be opened, which is a second line.
        assert said.count("\n") <= 2 and "Traceback" not in said
        for line in lines:
            line.close()
        assert got(address)[0] == 200
    finally:
        process.terminate()
        process.wait(30)
