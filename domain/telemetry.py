"""Figures for Prometheus: what the processes did, counted where it happens.

Each process counts for itself and shows its own figures. Where several processes share one port (the workers,
or a WSGI server's), PROMETHEUS_MULTIPROC_DIR names the folder in which they put their figures together.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, unread
ANSWERS_S = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)
"""Slack waits 3 s for an answer."""
WORK_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

_requests = Counter("pacesetter_requests", "Requests of Slack's, by what was asked.", ["what", "status"])
_request_seconds = Histogram(
    "pacesetter_request_seconds", "From a request to its answer.", ["what"], buckets=ANSWERS_S
)
_slack_calls = Counter(
    "pacesetter_slack_calls",
    "Calls of Slack's Web API, by method and result: ok, ratelimited or another error of Slack's, unreached.",
    ["method", "result"],
)
_slack_call_seconds = Histogram(
    "pacesetter_slack_call_seconds", "From a call to Slack's answer.", ["method"], buckets=WORK_S
)
_posts = Counter(
    "pacesetter_posts",
    "Tries to send a post: sent, found (it had arrived before), waits (tried again later), failed, lost.",
    ["kind", "outcome"],
)
_jobs = Counter(
    "pacesetter_jobs",
    "Runs of jobs: done, retried, failed, quarantined, lost (another worker took over).",
    ["kind", "outcome"],
)
_job_seconds = Histogram("pacesetter_job_seconds", "How long a job ran.", ["kind"], buckets=WORK_S)
_pulls = Counter("pacesetter_source_pulls", "Pulls of sources.", ["source", "outcome"])


def request_answered(what: str, status: int, seconds: float) -> None:
    """`what` must come from a short list: each value is a series of its own."""
    _requests.labels(what, status).inc()
    _request_seconds.labels(what).observe(seconds)


def slack_answered(method: str, result: str, seconds: float) -> None:
    _slack_calls.labels(method, result).inc()
    _slack_call_seconds.labels(method).observe(seconds)


def post_tried(kind: str, outcome: str) -> None:
    _posts.labels(kind, outcome).inc()


def job_ended(kind: str, outcome: str) -> None:
    _jobs.labels(kind, outcome).inc()


@contextmanager
def job_timed(kind: str) -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        _job_seconds.labels(kind).observe(perf_counter() - started)


def source_pulled(source: str, outcome: str) -> None:
    _pulls.labels(source, outcome).inc()


def exposition(collectors: Sequence[Collector] = ()) -> bytes:
    """All figures in Prometheus' text format (CONTENT_TYPE), those that `collectors` read now included."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    else:
        counted = REGISTRY
    read_now = CollectorRegistry()
    for collector in collectors:
        read_now.register(collector)
    return bytes(generate_latest(counted)) + bytes(generate_latest(read_now))
