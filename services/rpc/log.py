"""The log of every process: one line an event on standard error."""

import logging
import sys

import structlog


def configure_log(process: str, level: str = "INFO", *, json: bool = False) -> None:
    """Set up structlog for a process. Called once, from its `__main__`.

    Args:
        process: its name, on every line.
        level: least level that is written, as "INFO".
        json: write JSON lines, for a log collector; otherwise for a person.
    """
    renderer = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            lambda _logger, _method, event: {"process": process, **event},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
