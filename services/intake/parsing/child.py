"""The parser's child process: opens documents under limits of memory and time, one after the other.

Protocol on stdin and stdout: a frame is a 4-byte length and that many bytes. Each job is two frames, a JSON
head `{kind, name, as_of}` and the document; the answer is one frame of JSON (`ResumeFacts`). The parent kills
this process where it takes too long; the limits below end it where it takes too much.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import struct
import sys
from datetime import date
from typing import BinaryIO

from services.intake.parsing.documents import extract
from services.intake.parsing.model import ResumeFacts
from services.intake.parsing.resume import parse_resume

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS_PER_JOB = 10
_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Answer jobs until stdin ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the frames
    while (head := read_frame(sys.stdin.buffer)) is not None:
        data = read_frame(sys.stdin.buffer) or b""
        _limit_cpu()
        answers.write(frame(_answer(json.loads(head), data)))
        answers.flush()


def _limit_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS_PER_JOB
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(head: dict[str, str], data: bytes) -> bytes:
    kind, name = head["kind"], head["name"]
    try:
        got = extract(kind, data)
        if got.defect is not None:
            facts = ResumeFacts(kind=kind, defect=got.defect, sentence=got.sentence, pages=got.pages)
        else:
            as_of = date.fromisoformat(head["as_of"]) if head.get("as_of") else None
            facts = parse_resume(got.text, kind=kind, file_name=name, as_of=as_of, pages=got.pages)
    except Exception:  # whatever a stranger's file makes a library do is a defect of the file
        facts = ResumeFacts(kind=kind, defect="damaged", sentence="The file is damaged: reading it failed.")
    return facts.model_dump_json().encode()


def frame(body: bytes) -> bytes:
    """One frame: length and body."""
    return struct.pack(">I", len(body)) + body


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next frame's body, or None at the end of the stream."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    return stream.read(struct.unpack(">I", head)[0])


if __name__ == "__main__":
    main()
