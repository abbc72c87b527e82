"""Log lines for people: time, level, words and values on stderr (stdout belongs to the answers of commands)."""

import sys

import structlog


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Plain tracebacks: pretty ones print local values, and with them what people typed.
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_stderr,
    )


def _stderr(*_args: object) -> structlog.PrintLogger:
    """Looked up for each line, so that whoever exchanges stderr gets it."""
    return structlog.PrintLogger(sys.stderr)
