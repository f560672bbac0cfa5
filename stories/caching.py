"""A cache in Redis that may be away: pages are then slower, and never fail.

A cache holds no truth, so nothing that goes wrong with it reaches whoever asks. After a failure this process
leaves it alone for a few seconds: a server that hangs costs one wait, not one for each thing on a page.
"""

import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

LONGEST_WAIT = 0.5  # seconds, to connect and for each answer
LEFT_ALONE = 5.0  # seconds after a failure

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    # Of each server that failed: until when (time.monotonic) it is not asked again.
    _away: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        waits = {"socket_connect_timeout": LONGEST_WAIT, "socket_timeout": LONGEST_WAIT}
        options = waits | {"retry": Retry(NoBackoff(), 0)} | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self._server = server

    def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        """What the cache says, or `otherwise` when it is away. Going away and coming back are logged once."""
        if time.monotonic() < self._away.get(self._server, 0):
            return otherwise
        try:
            said = getattr(super(), verb)(*args)
        except (RedisError, OSError) as error:
            if self._server not in self._away:
                logger.error("The cache does not answer (%s); pages are slower without it", error)
            self._away[self._server] = time.monotonic() + LEFT_ALONE
            return otherwise
        if self._away.pop(self._server, None):
            logger.warning("The cache answers again")
        return said

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        # As if nobody had been there before: who wants to be the one to work something out does it.
        return self._ask("add", True, key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", default, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._ask("set", None, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("touch", False, key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._ask("delete", False, key, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask("get_many", {}, keys, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._ask("has_key", False, key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._ask("incr", delta, key, delta, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("set_many", list(data), data, timeout, version)

    def delete_many(self, keys: Any, version: Any = None) -> None:
        self._ask("delete_many", None, keys, version)

    def clear(self) -> Any:
        return self._ask("clear", False)
