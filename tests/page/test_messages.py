"""Every message is read by one schema and answered in a line; the visit goes on."""

import asyncio
import json
import threading

import pytest

from gutexo.errors import GutexoError
from gutexo.page import visit as visits
from gutexo.page.messages import read
from gutexo.page.visit import Gone, Visit
from gutexo.page.wish import Wish
from tests.page.loops import awaited

BEGIN = '{"do":"begin","wish":%s}'
WRONG = [
    "", "{", "nul", "[1]", "null", '"x"', "3", "[" * 200_000, '{"a":' * 5000, '{"do":null}',
    '{"do":[]}', '{"do":{}}', '{"do":"fly"}', '{"do":"\\ud800"}', '{"do":"\ud800"}',
    '{"do":"play","speed":"6"}', '{"do":"play","speed":true}', '{"do":"play","speed":1.5}',
    '{"do":"play","more":1}', '{"do":"rewind","day":NaN}', '{"do":"rewind","day":1e999}',
    '{"do":"rewind","day":"5"}', '{"do":"rewind","day":{}}', '{"do":"drawn"}',
    '{"do":"drawn","frame":"1"}', '{"do":"look"}', '{"do":"look","kind":3}',
    '{"do":"look","kind":"cell","index":0.5}', '{"do":"look","kind":"cell","which":2}',
    '{"do":"look","kind":"cell","index":' + "9" * 5000 + "}", '{"do":"look","kind":"place",'
    '"along":-Infinity}', BEGIN % "3", BEGIN % "null", BEGIN % "[]", BEGIN % '"x"',
]  # fmt: skip
WRONG_WISHES = [
    '{"arm":"x"}', '{"arm":3}', '{"arm":"\\ud800"}', '{"arm":null}', '{"beside":true}',
    '{"seed":"1"}', '{"seed":-1}', '{"seed":1.5}', '{"seed":true}', '{"seed":1e400}',
    '{"full":1}', '{"full":"yes"}', '{"changes":[]}', '{"changes":null}', '{"changes":"x"}',
    '{"more":1}', '{"changes":{"\\udfff":1}}', '{"changes":{"__proto__":1}}',
    *(f'{{"changes":{{"barrier.repair":{value}}}}}'
      for value in ('"0.2"', "true", "{}", "[]", "null", "NaN", "-Infinity", "1e999", "-1", "1e9")),
]  # fmt: skip


class Told:
    """A line that keeps what is sent."""

    def __init__(self):
        self.messages = []

    async def send_text(self, text):
        self.messages.append(json.loads(text))

    async def send_bytes(self, content):
        self.messages.append(content)

    @property
    def errors(self):
        return [m["line"] for m in self.messages if m["about"] == "error"]


class Mice:
    """Stands for a session with mice."""

    def __init__(self):
        self.actors, self.over, self.left = [1], False, threading.Event()


def spoken(*contents, mice=None):
    """Answers to messages of one visitor."""

    async def speak():
        recorder = Told()
        visitor = Visit(recorder)
        visitor.session = mice
        for content in contents:
            await visitor.heed(content)
        await asyncio.gather(*visitor.asides.values())
        visitor.end()
        return recorder

    return awaited(speak())


@pytest.mark.parametrize("text", WRONG, ids=lambda text: ascii(text[:40]))
def test_what_is_no_message_is_answered_in_a_line(text):
    with pytest.raises(GutexoError):
        read(text)
    answers = spoken(text, '{"do":"fly"}')
    assert [m["about"] for m in answers.messages] == ["error", "error"]
    for line in answers.errors:
        assert line and "\n" not in line and len(line) < 700 and "our mistake" not in line
        line.encode()


@pytest.mark.parametrize("wish", WRONG_WISHES)
def test_a_wish_that_cannot_be_is_answered_in_a_line(wish):
    answers = spoken(BEGIN % wish)
    (message,) = answers.messages
    assert message["about"] == "error" and message["do"] in ("begin", "")
    assert "\n" not in message["line"] and "our mistake" not in message["line"]
    message["line"].encode()


@pytest.mark.parametrize("content", [{"arm": "\ud800"}, {"changes": {"\ud800": 1.0}}, {3: 1}, 5])
def test_a_wish_from_python_is_refused_in_a_line_that_can_be_printed(content):
    with pytest.raises(GutexoError) as caught:
        Wish.of(content)
    assert "\n" not in str(caught.value)
    str(caught.value).encode()


@pytest.mark.parametrize(
    "text",
    ['{"do":"drawn","frame":3}', '{"do":"play","speed":6}', '{"do":"speed","speed":24}',
     '{"do":"pause"}', '{"do":"step"}', '{"do":"rewind","day":5}', '{"do":"hear"}',
     '{"do":"look","which":1,"kind":"shown","index":4}', '{"do":"csv"}', '{"do":"gif"}',
     '{"do":"look","which":0,"kind":"place","along":0.25}',
     BEGIN % '{"arm":"old + vehicle","beside":null,"seed":1,"full":false,"changes":{"a.b":1}}'],
)  # fmt: skip
def test_what_the_page_says_is_understood_as_text_and_as_a_notebook_sends_it(text):
    assert read(text) == read(json.loads(text))


@pytest.mark.parametrize("kind", [KeyError, RuntimeError, ZeroDivisionError, SystemExit])
def test_an_exception_that_is_not_ours_is_answered_and_the_visit_goes_on(
    kind, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    monkeypatch.setattr("gutexo.page.mistakes._logs", {})

    class Broken(Mice):
        def csv(self):
            raise kind("two\nlines")

    answers = spoken('{"do":"csv"}', '{"do":"csv"}', '{"do":"fly"}', mice=Broken())
    first, second, last = answers.errors
    assert "our mistake" in first and first == second and "no such thing" in last
    (log,) = (tmp_path / "logs").iterdir()
    assert str(log) in first and kind.__name__ in log.read_text()
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("error", [ValueError("odd"), GutexoError("not so"), SystemExit(3)])
def test_a_mouse_that_fails_while_it_plays_stands_still_and_says_so(error, tmp_path, monkeypatch):
    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))

    class Broken(Mice):
        def advance(self, ticks):
            raise error

    async def play():
        recorder = Told()
        visitor = Visit(recorder)
        visitor.session = Broken()
        player = asyncio.create_task(visitor.play())
        await visitor.heed('{"do":"play"}')
        while len(recorder.messages) < 2:
            await asyncio.sleep(0)
        assert not player.done() and not visitor.playing
        player.cancel()
        visitor.end()
        return [message["about"] for message in recorder.messages]

    assert awaited(asyncio.wait_for(play(), 20)) == ["error", "paused"]


def test_a_later_wish_and_a_visitor_who_goes_end_what_is_raised(monkeypatch, tmp_path):
    begun, ended = [], []

    async def ask(work, *question, **named):
        begun.append(work)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(work)

    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    monkeypatch.setattr(visits, "ask", ask)

    async def wish():
        visitor = Visit(Told())
        for number in (1, 2):
            await visitor.heed(BEGIN % '{"arm":"old + vehicle"}')
            while len(begun) < number:
                await asyncio.sleep(0)
        assert len(ended) == 1
        # A wish that cannot be takes nothing away.
        await visitor.heed(BEGIN % '{"arm":"x"}')
        assert len(ended) == 1
        visitor.end()
        await asyncio.gather(*visitor.asides.values(), return_exceptions=True)
        await asyncio.sleep(0)
        assert visitor.session.left.is_set()

    awaited(asyncio.wait_for(wish(), 60))
    assert begun == ended == ["lives", "lives"]


def test_no_visitor_waits_for_the_thread_of_another():
    async def both():
        first, second = Visit(Told()), Visit(Told())
        busy = threading.Event()
        waiting = asyncio.create_task(first.work(busy.wait))
        try:
            assert await asyncio.wait_for(second.work(lambda: 3), 20) == 3
        finally:
            busy.set()
        await waiting
        first.end()
        second.end()

    awaited(both())


def test_a_visitor_who_is_gone_is_no_mistake_of_ours(monkeypatch):
    class Cut(Told):
        async def send_text(self, text):
            raise Gone

    monkeypatch.setattr(visits, "told", lambda error: pytest.fail(repr(error)))

    async def speak():
        visitor = Visit(Cut())
        with pytest.raises(Gone):
            await visitor.heed('{"do":"fly"}')
        visitor.end()

    awaited(speak())


def test_a_mouse_that_is_not_kept_is_told_and_not_raised_again_here(monkeypatch, tmp_path):
    async def ask(work, *question, **named):
        return b""

    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    monkeypatch.setattr(visits, "ask", ask)
    (line,) = spoken(BEGIN % '{"arm":"old + vehicle"}').errors
    assert "disk full" in line


@pytest.mark.parametrize("error", [GutexoError("no mouse of 200\nlives"), KeyError("odd")])
def test_a_mouse_that_cannot_be_raised_is_answered_in_a_line(error, monkeypatch, tmp_path):
    async def ask(work, *question, **named):
        raise error

    monkeypatch.setenv("GUTEXO_CACHE", str(tmp_path))
    monkeypatch.setattr(visits, "ask", ask)
    (message,) = spoken(BEGIN % '{"arm":"old + vehicle"}').messages
    assert message["about"] == "error" and message["do"] == "begin"
    assert "\n" not in message["line"]
