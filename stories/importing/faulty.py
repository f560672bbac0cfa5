"""Why copy cannot be used, and how a line of it is named."""


class ReadError(Exception):
    """The copy cannot be used. The message is one sentence; `line` counts from 1 where one is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {message[0].lower()}{message[1:]}" if line else message)
        self.line = line


def shortened(text: str) -> str:
    """As much of a text as fits into a message."""
    return text if len(text) <= 60 else f"{text[:60]}…"
