"""The mail sink as a sender and a reader see it."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from deploy.local.home import Home
from deploy.local.ports import Ports, accepts

pytestmark = pytest.mark.xdist_group("stack_sink")
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


class Sink:
    """A sink process on a folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        ports = Ports(Home(folder).prepare())
        self.smtp, self.http = ports.get("smtp"), ports.get("sink-http")
        argv = [sys.executable, "-m", "deploy.local.sink", "--folder", str(folder / "mail")]
        argv += ["--smtp-port", str(self.smtp), "--http-port", str(self.http), *options]
        self._process = subprocess.Popen(argv, cwd=Path(__file__).parents[2])
        until = time.monotonic() + 30
        while not (accepts(f"127.0.0.1:{self.smtp}") and accepts(f"127.0.0.1:{self.http}")):
            assert self._process.poll() is None and time.monotonic() < until
            time.sleep(0.05)

    def get(self, path: str):
        """GET and decode JSON."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=10) as answer:
            return json.loads(answer.read())

    def text(self, path: str) -> str:
        """GET as text."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=10) as answer:
            return answer.read().decode()

    def call_hook(self, body: bytes, headers: dict[str, str]) -> int:
        """POST to the web hook receiver; the status."""
        call = urllib.request.Request(f"http://127.0.0.1:{self.http}/hooks", body, headers)
        with urllib.request.urlopen(call, timeout=10) as answer:
            return answer.status

    def stop(self) -> int:
        """End it by SIGTERM; its exit code."""
        self._process.terminate()
        return self._process.wait(10)


@pytest.fixture
def sink(tmp_path):
    running = Sink(tmp_path)
    yield running
    running.stop()


def mail(to: str = "lin@people.example", message_id: str = "<one@baton>") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = "baton@firm.example", to, "面试时间 Interview", message_id
    message.set_content("请选择时间 http://pages.example/a/text-token.\n")
    message.add_alternative('<p>你好<a href="http://pages.example/a/one?x=1&amp;y=2">选择</a></p>', subtype="html")
    message.add_alternative(ICS.encode(), maintype="text", subtype="calendar")
    return message


async def test_sink_when_a_mail_arrives_then_every_part_can_be_read(sink):
    await aiosmtplib.send(mail(), hostname="127.0.0.1", port=sink.smtp)
    [found] = sink.get("/api/messages?to=LIN@people.example")
    assert found["n"] == 1 and found["to"] == ["lin@people.example"] and found["subject"] == "面试时间 Interview"
    assert found["from"] == "baton@firm.example" and found["message_id"] == "<one@baton>"
    assert "请选择时间" in found["text"] and "你好" in found["html"] and "METHOD:REQUEST" in found["ics"]
    assert found["links"] == ["http://pages.example/a/one?x=1&y=2", "http://pages.example/a/text-token"]
    assert sink.get("/api/messages/1") == found
    assert "Message-ID: <one@baton>" in sink.text("/api/messages/1/raw")
    assert "面试时间" in sink.text("/") and "lin@people.example" in sink.text("/mails/1")
    assert "<script" not in sink.text("/mails/1")


async def test_sink_when_the_same_message_id_comes_twice_then_both_are_kept_and_numbered(sink):
    for _ in range(2):
        await aiosmtplib.send(mail(), hostname="127.0.0.1", port=sink.smtp)
    assert [found["message_id"] for found in sink.get("/api/messages")] == ["<one@baton>"] * 2
    assert [found["n"] for found in sink.get("/api/messages?since=1")] == [2]
    assert sink.get("/api/messages?to=nobody@people.example") == []


async def test_sink_when_started_again_then_it_still_has_its_mails_and_hooks(tmp_path):
    first = Sink(tmp_path)
    await aiosmtplib.send(mail(), hostname="127.0.0.1", port=first.smtp)
    assert first.call_hook(b'{"type":"t"}', {"webhook-id": "msg_1", "webhook-signature": "v1,x"}) == 202
    assert first.stop() == 0
    second = Sink(tmp_path)
    try:
        await aiosmtplib.send(mail(message_id="<two@baton>"), hostname="127.0.0.1", port=second.smtp)
        assert [found["message_id"] for found in second.get("/api/messages")] == ["<one@baton>", "<two@baton>"]
        [hook] = second.get("/api/hooks")
        assert hook["id"] == "msg_1" and hook["headers"]["webhook-signature"] == "v1,x" and hook["body"] == '{"type":"t"}'
    finally:
        second.stop()


async def test_sink_when_the_mailbox_is_unknown_then_the_recipient_is_refused(sink):
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused):
        await aiosmtplib.send(mail("unknown.person@people.example"), hostname="127.0.0.1", port=sink.smtp)
    assert sink.get("/api/messages") == []


def test_sink_when_asked_wrongly_then_it_says_so(sink):
    for path, code in (("/api/messages?since=x", 400), ("/api/messages/7", 404), ("/api/hooks?since=x", 400)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            sink.get(path)
        assert caught.value.code == code


async def test_sink_when_it_asks_for_tls_and_login_then_only_the_right_password_delivers(tmp_path):
    running = Sink(tmp_path, "--starttls", "--login", "baton:right")
    door = {"hostname": "localhost", "port": running.smtp, "start_tls": True, "cert_bundle": str(tmp_path / "mail" / "sink.pem")}
    try:
        await aiosmtplib.send(mail(), username="baton", password="right", **door)  # noqa: S106
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await aiosmtplib.send(mail(), username="baton", password="wrong", **door)  # noqa: S106
        with pytest.raises(aiosmtplib.SMTPException):
            await aiosmtplib.send(mail(), **door)
        assert len(running.get("/api/messages")) == 1
    finally:
        running.stop()
