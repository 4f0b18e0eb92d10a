"""A small pool of parser processes: started when first needed, restarted after a crash or a time-out."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
from contextlib import suppress
from datetime import date

from services.intake.parsing.child import frame
from services.intake.parsing.json_resume import facts_of_json_resume
from services.intake.parsing.judge import judge
from services.intake.parsing.model import Defect, Judged, ResumeFacts

_MAX_ANSWER_BYTES = 32 * 1024 * 1024
_JOBS_PER_CHILD = 500
_DOCUMENTS = frozenset({"pdf", "docx", "txt"})


class ParserPool:
    """Parses résumés of strangers outside this process.

    `size` children at most, each with one job at a time; `wall_seconds` per job, after which the child is
    killed and the file comes back with defect `too_slow`. Use `async with`, or call `close`.
    """

    def __init__(self, *, size: int = 1, wall_seconds: float = 20.0) -> None:
        self._wall_seconds = wall_seconds
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        for _ in range(size):
            self._free.put_nowait(_Child())

    async def __aenter__(self) -> ParserPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def parse(self, name: str, data: bytes, *, judged: Judged | None = None, as_of: date | None = None) -> ResumeFacts:
        """Facts of a résumé in JSON Resume, PDF, DOCX or text; content that cannot be read is a `defect`.

        `as_of` is the business date. Raises ValueError for what `judge` does not call a résumé.
        """
        what = judged or judge(name, data)
        if what.kind == "json_resume":
            return facts_of_json_resume(what.value, as_of=as_of)
        if what.kind not in _DOCUMENTS:
            raise ValueError(what.sentence or f"a {what.kind} is no résumé")
        head = json.dumps({"kind": what.kind, "name": name, "as_of": as_of.isoformat() if as_of else ""}).encode()
        child = await self._free.get()
        try:
            return await self._run(child, what.kind, head, data)
        finally:
            self._free.put_nowait(child)

    async def _run(self, child: _Child, kind: str, head: bytes, data: bytes) -> ResumeFacts:
        try:
            answer = await asyncio.wait_for(child.ask(head, data), self._wall_seconds)
            return ResumeFacts.model_validate_json(answer)
        except TimeoutError:
            await child.stop()
            return _broken(kind, "too_slow", f"Reading the file took longer than {self._wall_seconds:g} s and was stopped.")
        except (OSError, asyncio.IncompleteReadError, ValueError):
            await child.stop()
            return _broken(kind, "damaged", "Reading the file needed more memory or time than allowed, or broke the reader.")
        except BaseException:
            await child.stop()  # a cancelled job leaves half an answer in the pipe
            raise

    async def close(self) -> None:
        """End all children; waits for the jobs in hand."""
        stopped = []
        while not self._free.empty():
            child = self._free.get_nowait()
            await child.stop()
            stopped.append(child)
        for child in stopped:
            self._free.put_nowait(child)


def _broken(kind: str, defect: Defect, sentence: str) -> ResumeFacts:
    return ResumeFacts(kind=kind, defect=defect, sentence=sentence)


class _Child:
    """One parser process, started at its first job."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._jobs = 0

    async def ask(self, head: bytes, data: bytes) -> bytes:
        if self._process is None or self._process.returncode is not None or self._jobs >= _JOBS_PER_CHILD:
            await self._start()
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        self._jobs += 1
        process.stdin.write(frame(head) + frame(data))
        await process.stdin.drain()
        size = struct.unpack(">I", await process.stdout.readexactly(4))[0]
        if size > _MAX_ANSWER_BYTES:
            raise ValueError("answer too large")
        return await process.stdout.readexactly(size)

    async def _start(self) -> None:
        await self.stop()
        # The child gets no settings and no secrets: only what Python needs to find this package.
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if key in os.environ}
        environment = kept | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYPINYIN_NO_PHRASES": "1"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.intake.parsing.child",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        self._jobs = 0

    async def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()
