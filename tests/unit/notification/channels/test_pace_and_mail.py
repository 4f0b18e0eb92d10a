"""A channel's pace in any second, and the signature of our mail read back by the library."""

from __future__ import annotations

from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from services.notification.channels.accounts import Accounts, DkimKey, base_of, read_accounts
from services.notification.channels.build import channels_of
from services.notification.channels.mail import Signature
from services.notification.channels.pace import Pace
from shared.runtime.errors import ConfigurationError
from shared.runtime.settings import ServiceSettings

RAW = b"From: a@qiheng.example\r\nTo: b@mail.example\r\nSubject: =?utf-8?b?5L2g5aW9?=\r\nMessage-ID: <1@qiheng.example>\r\n\r\nbody\r\n"


class Hands:
    """A clock moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@given(st.lists(st.tuples(st.floats(0, 0.7), st.integers(1, 40)), max_size=60), st.sampled_from([0.5, 1.0, 18.0, 50.0]))
def test_in_no_second_more_than_the_vendor_allows(steps: list[tuple[float, int]], limit: float) -> None:
    clock, sent = Hands(), []
    pace = Pace(limit, clock)
    for gap, wanted in steps:
        clock.now += gap
        n = min(pace.free(), wanted)
        pace.took(n)
        sent += [clock.now] * n
    length = max(1.0, 1.0 / limit)
    assert all(sum(at <= other < at + length for other in sent) <= max(1, limit) for at in sent)


def test_a_pause_is_kept_and_ends() -> None:
    clock = Hands()
    pace = Pace(10.0, clock)
    pace.pause(3.0)
    assert pace.free() == 0 and pace.wait() == pytest.approx(3.0)
    clock.now = 3.1
    assert pace.free() == 10 and pace.wait() == 0.0


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A PEM file and the DNS record that belongs to it."""
    import base64

    made = rsa.generate_private_key(65537, 2048)
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    path.write_bytes(made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return path, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_our_mail_is_signed_so_that_others_can_verify_it(key: tuple[Path, bytes]) -> None:
    signed = Signature(DkimKey(selector="s1", domain="qiheng.example", key=str(key[0]))).over(RAW)
    assert dkim.verify(signed, dnsfunc=lambda name, timeout=5: key[1])
    assert not dkim.verify(signed.replace(b"body", b"other"), dnsfunc=lambda name, timeout=5: key[1])
    assert not dkim.verify(signed.replace(b"b@mail", b"c@mail"), dnsfunc=lambda name, timeout=5: key[1])


def test_a_missing_key_or_a_wrong_account_ends_the_start_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="DKIM"):
        Signature(DkimKey(selector="s", domain="d", key=str(tmp_path / "none.pem")))
    wrong = tmp_path / "channels.json"
    wrong.write_text('{"slack": {"bot_token": 5, "secret": "hush-hush"}}')
    with pytest.raises(ConfigurationError, match="slack") as problem:
        read_accounts(str(wrong))
    assert "hush-hush" not in str(problem.value)


def test_in_sink_no_vendor_can_be_reached_outside() -> None:
    account = {"bot_token": "xoxb-live", "base": "https://slack.com"}
    accounts = Accounts.model_validate({"slack": account})
    inside = channels_of(ServiceSettings(sink_http="127.0.0.1:1", webhook_url="https://hook.example", webhook_secret="whsec_aGVsbG8="), "sink", accounts)
    assert list(inside) == ["mail", "slack", "webhook"]
    assert inside["slack"]._line.base == "http://127.0.0.1:1/vendors/slack"  # type: ignore[attr-defined]  # noqa: SLF001
    assert inside["webhook"]._url == "http://127.0.0.1:1/hooks"  # type: ignore[attr-defined]  # noqa: SLF001
    for sink in ("", "sink.example.com:80"):
        with pytest.raises(ConfigurationError, match="BATON_OUTBOUND=sink"):
            base_of("slack", accounts.slack, sink=sink, mode="sink")
    assert base_of("slack", accounts.slack, sink="", mode="live") == "https://slack.com"
