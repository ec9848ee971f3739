"""Tracing: the spans of a run, or what stands for them while nobody collects any.

Making a span takes longer than a request.  With ops-tracing installed they are made all the same,
and collected through ``ops_tracing._mock.patch_tracing``, which is there for ``ops.testing``.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Generator
from typing import Any

import opentelemetry.trace

Patch = Callable[[], contextlib.AbstractContextManager[Any]]
"""What gives an exporter that keeps spans in memory."""


def _find_patch() -> Patch | None:
    try:
        return importlib.import_module('ops_tracing._mock').patch_tracing
    except ImportError:
        return None


_patch_tracing = _find_patch()
is_installed = _patch_tracing is not None
"""Whether there is anybody to make spans for."""


@contextlib.contextmanager
def collected(
    spans: list[Any], patch_tracing: Patch | None = _patch_tracing
) -> Generator[None, None, None]:
    """While it is entered, spans are made; then all but those of hook tools go to *spans*.

    Args:
        spans: Where they go.
        patch_tracing: Turns ops-tracing aside; None: it isn't installed.
    """
    if patch_tracing is None:
        yield
        return
    with patch_tracing() as exporter:
        try:
            yield
        finally:
            spans.extend(filter(_is_shown, exporter.get_finished_spans()))


def _is_shown(span: Any) -> bool:
    # Tests for ops.testing, which runs no hook tools, compare with all other spans.
    attributes: dict[str, Any] | None = span.attributes
    return not attributes or attributes.get('call') != 'subprocess.run'


class NoSpan:
    """A context manager that gives a span which ignores all that it is told."""

    def __enter__(self) -> opentelemetry.trace.Span:
        return opentelemetry.trace.INVALID_SPAN

    def __exit__(self, *exc: Any) -> None: ...


NO_SPAN = NoSpan()


def no_span(*args: Any, **options: Any) -> NoSpan:
    """Takes the place of ``Tracer.start_as_current_span``."""
    return NO_SPAN


def untraced() -> bool:
    """Whether nobody collects spans."""
    provider = opentelemetry.trace.get_tracer_provider()
    return _patch_tracing is None and isinstance(provider, opentelemetry.trace.ProxyTracerProvider)
