"""The encrypted envelopes of callbacks: WeCom and DingTalk (one scheme), Feishu (another); bytes counted, receivers compared.

Exists because the vendors' own helpers count characters instead of bytes and fail on Chinese.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class BoxError(ValueError):
    """What came is no envelope of ours: changed, for somebody else, or under another key."""


def _aes(key: bytes, vector: bytes) -> Cipher:
    return Cipher(algorithms.AES(key), modes.CBC(vector))


def _opened(key: bytes, vector: bytes, sealed: bytes, pad: int) -> bytes:
    if not sealed or len(sealed) % 16:
        raise BoxError("not a whole number of blocks")
    engine = _aes(key, vector).decryptor()
    plain = engine.update(sealed) + engine.finalize()
    last = plain[-1]
    if not 1 <= last <= pad or plain[-last:] != bytes([last]) * last:
        raise BoxError("wrong padding")
    return plain[:-last]


def _padded(plain: bytes, block: int) -> bytes:
    more = block - len(plain) % block
    return plain + bytes([more]) * more


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BoxError("not base64") from None


class CorpBox:
    """The envelope of WeCom and DingTalk: random16 + length + message + receiver, AES-256-CBC, padding to 32 bytes."""

    def __init__(self, encoding_aes_key: str, receiver: str) -> None:
        self._key = base64.b64decode(encoding_aes_key + "=")
        if len(self._key) != 32:
            raise ValueError("the encoding AES key has 43 characters")
        self._receiver = receiver.encode()

    def open(self, text: str) -> str:
        """The message in it. BoxError where it was changed or is for somebody else."""
        plain = _opened(self._key, self._key[:16], _decoded(text), _BLOCK)
        if len(plain) < 20:
            raise BoxError("too short")
        (size,) = struct.unpack(">I", plain[16:20])
        message, receiver = plain[20 : 20 + size], plain[20 + size :]
        if len(message) != size or not hmac.compare_digest(receiver, self._receiver):
            raise BoxError("for somebody else")
        try:
            return message.decode()
        except UnicodeDecodeError:
            raise BoxError("not text") from None

    def seal(self, message: str, random16: bytes = b"") -> str:
        """An envelope around it; `random16` is for tests with known answers."""
        raw = message.encode()
        plain = (random16 or os.urandom(16)) + struct.pack(">I", len(raw)) + raw + self._receiver
        engine = _aes(self._key, self._key[:16]).encryptor()
        return base64.b64encode(engine.update(_padded(plain, _BLOCK)) + engine.finalize()).decode()


class FeishuBox:
    """Feishu's envelope: AES-256-CBC under sha256 of the Encrypt Key, the vector in front."""

    def __init__(self, encrypt_key: str) -> None:
        self._key = hashlib.sha256(encrypt_key.encode()).digest()

    def open(self, text: str) -> str:
        """The message in it. BoxError where it was changed."""
        raw = _decoded(text)
        if len(raw) < 32:
            raise BoxError("too short")
        try:
            return _opened(self._key, raw[:16], raw[16:], 16).decode()
        except UnicodeDecodeError:
            raise BoxError("not text") from None

    def seal(self, message: str, vector: bytes = b"") -> str:
        """An envelope around it; `vector` is for tests with known answers."""
        first = vector or os.urandom(16)
        engine = _aes(self._key, first).encryptor()
        return base64.b64encode(first + engine.update(_padded(message.encode(), 16)) + engine.finalize()).decode()
