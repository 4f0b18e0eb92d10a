"""Errors of the HTTP door as RFC 9457 problems: stable code, what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse

TYPES = "https://baton.example/problems/"
_TITLES = {
    400: "The request cannot be read", 401: "No valid token", 403: "Not granted", 404: "Not there", 409: "Conflict", 413: "Too large",
    415: "Media type not understood", 422: "Content refused", 429: "Too many at once", 500: "Failed here", 503: "Not available now",
}  # fmt: skip


class Problem(Exception):  # noqa: N818
    """Ends a request; `detail` holds no personal data, `cure` says what to do, `pointer` is a JSON pointer into the request."""

    def __init__(self, status: int, code: str, detail: str, *, cure: str = "", pointer: str = "") -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.cure, self.pointer = status, code, detail, cure, pointer

    def response(self) -> JSONResponse:
        """As it leaves."""
        body: dict[str, Any] = {"type": TYPES + self.code, "title": _TITLES.get(self.status, "Refused"), "status": self.status,
                                "code": self.code, "detail": self.detail}  # fmt: skip
        for name in ("cure", "pointer"):
            if value := getattr(self, name):
                body[name] = value
        headers = {"retry-after": "2"} if self.status in (429, 503) else {}
        if self.status == 401:
            headers["www-authenticate"] = 'Bearer realm="baton"'
        return JSONResponse(body, self.status, headers, media_type="application/problem+json")
