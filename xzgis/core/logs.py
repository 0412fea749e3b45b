"""What the program writes about itself: JSON lines on standard error, in UTC; no contents, no secrets."""

import logging
import sys

import structlog


def configure_logs(*, quiet: bool) -> None:
    """Send the log of this process to standard error, one JSON document a line.

    ``quiet`` leaves out what is not at least a warning: a person at a terminal reads there too.
    """
    level = logging.WARNING if quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
