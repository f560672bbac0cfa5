"""Values that a process keeps by all that they are made of, and so never out of date."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings

Value = TypeVar("Value")


class Kept(OrderedDict[str, Any]):
    """The values asked for last, at most so many. A key has to say all that its value is made of."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def get_or_make(self, key: str, make: Callable[[], Value]) -> Value:
        """Return the value under the key; make it, and forget the one that was not asked for longest.

        With DEBUG, always make it: who works on the templates wants to see each change.
        """
        if settings.DEBUG:
            return make()
        try:
            self.move_to_end(key)
            return self[key]  # type: ignore[no-any-return]
        except KeyError:  # also where another thread made it forgotten in between
            value = self[key] = make()
            with suppress(KeyError):
                while len(self) > self.most:
                    self.popitem(last=False)
            return value
