"""Documents: content-addressed, already sealed bytes in a folder (an object store has the same two calls)."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from .errors import ConfigurationError


class Blobs:
    """A folder of sealed documents, named by the SHA-256 of what is stored."""

    def __init__(self, folder: str) -> None:
        if not folder:
            raise ConfigurationError("BATON_BLOBS is not set; give a writable folder")
        self._folder = Path(folder)

    async def put(self, sealed: bytes, *, name: str = "") -> str:
        """Store and return the name (64 hex characters). Storing the same name twice is harmless."""
        digest = name or hashlib.sha256(sealed).hexdigest()
        await asyncio.to_thread(self._write, digest, sealed)
        return digest

    async def get(self, name: str) -> bytes | None:
        """The sealed bytes, or None."""
        path = self._path(name)
        return await asyncio.to_thread(path.read_bytes) if path.exists() else None

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    def _write(self, name: str, data: bytes) -> None:
        path = self._path(name)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(data)
        part.replace(path)
