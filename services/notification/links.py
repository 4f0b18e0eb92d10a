"""Signed links: bound to a person and a set of asks, dead by the ask's own state; and the one-time value a page's POST carries back.

A token says nothing by itself: it is the signed id of a row. A one-time value is signed too, because a GET may change nothing.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from shared.contracts.base import derive_id
from shared.runtime.ids import new_id

_KWARGS = {"key_derivation": "hmac", "digest_method": sha256}


@dataclass(frozen=True)
class Once:
    """What a page was showing: a value that counts once, and the version of each ask on it."""

    nonce: str
    versions: Mapping[str, int]


class Links:
    """Makes and reads tokens with the firm's link key."""

    def __init__(self, secret: bytes, base_url: str) -> None:
        self._tokens = URLSafeSerializer(base64.b64encode(secret), salt="link.v1", signer_kwargs=_KWARGS)
        self._once = URLSafeSerializer(base64.b64encode(secret), salt="once.v1", signer_kwargs=_KWARGS)
        self._feeds = URLSafeSerializer(base64.b64encode(secret), salt="feed.v1", signer_kwargs=_KWARGS)
        self.base_url = base_url.rstrip("/")

    def ask_id_of(self, person: UUID, purpose: str, *causes: object) -> UUID:
        """The id of the link of this purpose: the same causes give the same link, in every mail about them."""
        return derive_id("notification", "link", purpose, person, *causes)

    def token(self, link_id: UUID) -> str:
        """The token of a link row."""
        return str(self._tokens.dumps(base64.urlsafe_b64encode(link_id.bytes).decode().rstrip("=")))

    def url(self, door: str, link_id: UUID) -> str:
        """The whole address: door is a (an ask), me, home."""
        return f"{self.base_url}/{door}/{self.token(link_id)}"

    def read(self, token: str) -> UUID | None:
        """The link id of a token, or None where it was not made here (whatever is wrong with it)."""
        return _link_id(self._tokens, token)

    def feed(self, link_id: UUID) -> str:
        """The token of a calendar feed: a calendar that is given it can open no page with it."""
        return str(self._feeds.dumps(base64.urlsafe_b64encode(link_id.bytes).decode().rstrip("=")))

    def read_feed(self, token: str) -> UUID | None:
        """The link id of a feed's token, or None."""
        return _link_id(self._feeds, token)

    def once(self, versions: Iterable[tuple[UUID, int]]) -> str:
        """A one-time value for a page that shows these asks in these versions."""
        return str(self._once.dumps([str(new_id()), {str(ask): version for ask, version in versions}]))

    def read_once(self, value: str) -> Once | None:
        """What a page was showing, or None for a value not made here."""
        try:
            nonce, versions = self._once.loads(value)
            return Once(str(nonce), {str(ask): int(version) for ask, version in versions.items()})
        except (BadSignature, ValueError, TypeError, AttributeError):
            return None


def _link_id(signed: URLSafeSerializer, token: str) -> UUID | None:
    try:
        packed = str(signed.loads(token))
        return UUID(bytes=base64.urlsafe_b64decode(packed + "=="))
    except (BadSignature, ValueError, UnicodeError):
        return None
