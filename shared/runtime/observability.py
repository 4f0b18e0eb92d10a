"""Structured logs and Prometheus metrics: ids, codes and counts, never personal data."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from structlog.typing import Processor

registry = CollectorRegistry()

RECORDS = Counter("baton_records", "Records consumed", ["consumer", "result"], registry=registry)
BATCH_SECONDS = Histogram("baton_batch_seconds", "Time of one consumed batch", ["consumer"], registry=registry,
                          buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10))
LAG = Gauge("baton_consumer_lag", "Records published and not yet consumed", ["consumer"], registry=registry)
PARKED = Counter("baton_parked", "Records parked", ["consumer", "code"], registry=registry)
RELAYED = Counter("baton_relayed", "Outbox rows published", ["topic"], registry=registry)
OUTBOX_AGE = Gauge("baton_outbox_oldest_seconds", "Age of the oldest outbox row", [], registry=registry)
OUTBOX_ROWS = Gauge("baton_outbox_rows", "Rows in the outbox", [], registry=registry)


class _OncePerSecond(logging.Filter):
    """aiokafka writes up to 900 lines a second while the broker is away: let one a second through."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created - self._last.get(record.name, 0.0) < 1.0:
            return False
        self._last[record.name] = record.created
        return True


def without_messages(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Log an exception by its types and places, never by its messages: they repeat what could not be stored or read, also somebody's data."""
    told = event.pop("exc_info", None)
    problem = sys.exc_info()[1] if told is True else told[1] if isinstance(told, tuple) else told
    if isinstance(problem, BaseException):
        event["exception"] = "\n".join(_places(problem))
    return event


def _places(problem: BaseException) -> Iterator[str]:
    before = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if before is not None:
        yield from _places(before)
    yield f"{type(problem).__module__}.{type(problem).__qualname__}\n" + "".join(traceback.format_tb(problem.__traceback__)).rstrip()


def configure_logging(process: str, level: str = "INFO") -> None:
    """JSON lines on stdout, for our loggers and the libraries'."""
    shared: list[Processor] = [structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
              structlog.processors.TimeStamper(fmt="iso", utc=True), without_messages]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger, cache_logger_on_first_use=True)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("aiokafka", "faststream", "temporalio", "httpx", "granian"):
        logging.getLogger(noisy).setLevel("WARNING")
    handler_filter = _OncePerSecond()
    for name in ("aiokafka", "aiokafka.conn", "aiokafka.cluster", "aiokafka.client", "aiokafka.producer.sender", "aiokafka.consumer.fetcher",
                 "aiokafka.consumer.group_coordinator"):
        logging.getLogger(name).addFilter(handler_filter)
    structlog.contextvars.bind_contextvars(process=process)


def get_logger(name: str) -> Any:
    """A structured logger; pass facts as keyword arguments: `log.info("parked", consumer=..., code=...)`."""
    return structlog.get_logger(name)
