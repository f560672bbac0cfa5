"""What the desk answers when it will not do what it was asked."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """The person may not do this. The message says what, in the desk's words."""


class NotReady(Exception):
    """It may not be done yet. `reasons` lists every one, each a sentence."""

    def __init__(self, reasons: str | Iterable[str]) -> None:
        self.reasons: tuple[str, ...] = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))


class Stale(Exception):
    """Somebody else saved the same thing since it was opened; nothing has been overwritten."""
