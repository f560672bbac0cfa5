"""A Redis cache that raises no error when the server cannot be reached: pages are slower and do not fail.

After a failure, a process does not ask the server again for RETRY_AFTER seconds: if it hangs, a page waits
for one timeout and not for one per cached value.
"""

import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

TIMEOUT = 0.5  # seconds, for connecting and for each response
RETRY_AFTER = 5.0  # seconds

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; without a server every method behaves as that of an empty cache."""

    # Per server that failed: the time.monotonic() until which it is not asked again.
    _away: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        waits = {"socket_connect_timeout": TIMEOUT, "socket_timeout": TIMEOUT}
        options = waits | {"retry": Retry(NoBackoff(), 0)} | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self._server = server

    def _ask(self, verb: str, otherwise: Any, *args: Any) -> Any:
        """Call a method of the cache; return `otherwise` if the server cannot be reached.

        The first failure and the recovery are logged.
        """
        if time.monotonic() < self._away.get(self._server, 0):
            return otherwise
        try:
            said = getattr(super(), verb)(*args)
        except (RedisError, OSError) as error:
            if self._server not in self._away:
                logger.error("The cache does not answer (%s); pages are slower without it", error)
            self._away[self._server] = time.monotonic() + RETRY_AFTER
            return otherwise
        if self._away.pop(self._server, None):
            logger.warning("The cache answers again")
        return said

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        # True, as if the key was new: a caller that takes it for a lock goes on and computes the value.
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
