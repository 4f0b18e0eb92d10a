"""Deciding what a file is, from its bytes first and its name second, without opening anything dangerous."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

from services.intake.parsing.model import MAX_DOCUMENT_BYTES, Judged

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\x1f\x8b", "archive", "This is a gzip archive. Send the files inside it one by one."),
    (b"7z\xbc\xaf", "archive", "This is a 7z archive. Send the files inside it one by one."),
    (b"Rar!", "archive", "This is a RAR archive. Send the files inside it one by one."),
    (b"\x89PNG", "image", "This is a picture. Send the résumé as PDF, DOCX or text, or type the facts in."),
    (b"\xff\xd8\xff", "image", "This is a picture. Send the résumé as PDF, DOCX or text, or type the facts in."),
    (b"GIF8", "image", "This is a picture. Send the résumé as PDF, DOCX or text, or type the facts in."),
    (b"{\\rtf", "rtf", "This is RTF. Save it as DOCX or PDF and send it again."),
    (b"MZ", "program", "This is a program, not a document."),
    (b"\x7fELF", "program", "This is a program, not a document."),
)
_TEXT_NAMES = frozenset({".txt", ".text", ""})


def judge(name: str, data: bytes) -> Judged:
    """Say what `data` is; `name` (a file name, may be empty) only breaks ties.

    Never raises: what cannot be used comes back as `unsupported` with a stable reason code and one sentence
    that says what to do.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if len(data) > MAX_DOCUMENT_BYTES:
        return _refuse("too_large", f"The file has {len(data):,} bytes; {MAX_DOCUMENT_BYTES:,} are the most that is read.")
    if data[:1024].lstrip().startswith(b"%PDF-") or b"%PDF-" in data[:1024]:
        return Judged(kind="pdf", media_type="application/pdf")
    if data.startswith(b"PK\x03\x04"):
        return _judge_zip(suffix, data)
    if data.startswith(_OLE):
        return _judge_ole(suffix, data)
    for magic, reason, sentence in _SIGNATURES:
        if data.startswith(magic):
            return _refuse(reason, sentence)
    if suffix == ".pdf":
        return Judged(kind="pdf", media_type="application/pdf")
    if suffix == ".docx":
        return Judged(kind="docx", media_type=_DOCX)
    if suffix in {".json", ".jsonld"} or data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _judge_json(suffix, data)
    return _judge_rest(suffix, data)


def _refuse(reason: str, sentence: str) -> Judged:
    return Judged(kind="unsupported", reason=reason, sentence=sentence)


def _judge_zip(suffix: str, data: bytes) -> Judged:
    # Names inside a zip are never compressed, so looking for one needs no unpacking.
    if b"word/document" in data or suffix == ".docx":
        return Judged(kind="docx", media_type=_DOCX)
    if b"xl/workbook" in data or b"ppt/presentation" in data:
        return _refuse("office_file", "This is a spreadsheet or a presentation. Send the résumé as PDF, DOCX or text.")
    return _refuse("archive", "This is a zip archive. Send the files inside it one by one.")


def _judge_ole(suffix: str, data: bytes) -> Judged:
    if suffix == ".docx" or _ENCRYPTED_PACKAGE in data:
        return Judged(kind="docx", media_type=_DOCX)
    return _refuse("word_97", "This is an old Word file (.doc). Save it as DOCX or PDF and send it again.")


def _judge_rest(suffix: str, data: bytes) -> Judged:
    if suffix in _TEXT_NAMES:
        if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")) and suffix == "":
            return _refuse("unknown_type", "These bytes are no type that is read here: JSON, PDF, DOCX and text are.")
        return Judged(kind="txt", media_type="text/plain")
    if suffix == ".doc":
        return _refuse("word_97", "This is an old Word file (.doc). Save it as DOCX or PDF and send it again.")
    return _refuse("unknown_type", f"Files of type {suffix[:12]} are not read here: JSON, PDF, DOCX and TXT are.")


def decode_json(data: bytes) -> Any:
    """Decode JSON bytes in UTF-8 (with or without BOM), UTF-16 or GB18030.

    Raises ValueError for anything that is not JSON, is nested too deeply, or holds NaN or Infinity.
    """
    try:
        return json.loads(_decode_text(data), parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _decode_text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _judge_json(suffix: str, data: bytes) -> Judged:
    if not data.strip():
        return _refuse("empty", "The file is empty.")
    try:
        value = decode_json(data)
    except ValueError as error:
        if suffix in _TEXT_NAMES and suffix:
            return Judged(kind="txt", media_type="text/plain")
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        return _refuse("malformed_json", f"The file is not valid JSON{where}. Correct it and send it again.")
    return judge_value(value)


def judge_value(value: Any) -> Judged:
    """Say what a decoded JSON value is: event, posting, résumé, web hook, or nothing that is known here."""
    if isinstance(value, list):
        return _judge_list(value)
    if not isinstance(value, dict):
        return _refuse("unknown_json", "A résumé, posting or event is a JSON object.")
    if isinstance(value.get("specversion"), str) and "type" in value:
        return Judged(kind="cloudevent", media_type="application/cloudevents+json", value=value)
    if isinstance(value.get("action"), str) and isinstance(value.get("payload"), dict):
        return Judged(kind="greenhouse", media_type="application/json", value=value)
    posting = _find_posting(value)
    if posting is not None:
        return Judged(kind="job_posting", media_type="application/ld+json", value=posting)
    if isinstance(value.get("basics"), dict) or len(_RESUME_PARTS & value.keys()) >= 2:
        return Judged(kind="json_resume", media_type="application/json", value=value)
    if isinstance(value.get("title"), str) and _JOB_PARTS & value.keys():
        return Judged(kind="json_resume_job", media_type="application/json", value=value)
    return _refuse("unknown_json", "This JSON is no résumé (JSON Resume), posting (JobPosting, JSON Resume job) or event.")


_RESUME_PARTS = frozenset({"work", "education", "skills", "languages", "projects", "volunteer", "publications", "awards"})
_JOB_PARTS = frozenset({"company", "description", "responsibilities", "qualifications", "skills"})


def _judge_list(value: list[Any]) -> Judged:
    events = [v for v in value if isinstance(v, dict) and isinstance(v.get("specversion"), str)]
    if events:
        return Judged(kind="cloudevents_batch", media_type="application/cloudevents-batch+json", value=value)
    if len(value) == 1 and isinstance(value[0], dict):
        return judge_value(value[0])
    return _refuse("unknown_json", "A list of several things that are not events: send one file for each.")


def _find_posting(value: dict[str, Any]) -> dict[str, Any] | None:
    candidates = [value, *(v for v in value.get("@graph") or () if isinstance(v, dict))] if _is_graph(value) else [value]
    for candidate in candidates:
        types = candidate.get("@type")
        names = types if isinstance(types, list) else [types]
        if any(isinstance(n, str) and n.rsplit("/", 1)[-1].rsplit(":", 1)[-1] == "JobPosting" for n in names):
            return candidate
    return None


def _is_graph(value: dict[str, Any]) -> bool:
    return isinstance(value.get("@graph"), list)
