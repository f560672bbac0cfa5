"""Load generator: requests one address over several connections for some seconds.

`python -m stories.benchmarking.load HOST:PORT PATH SECONDS CONNECTIONS` prints the requests per second. A
process of its own, without Django, so that it does not slow the server. Each request has another client
address in X-Forwarded-For: the rate limit of the API counts by address.
"""

import http.client
import sys
import threading
import time
from itertools import count

FORWARDED = "10.{}.{}.{}"


def answered(host: str, path: str, seconds: float, connections: int) -> float:
    """Return the requests per second.

    Raises ValueError for a status other than 200 and for a lost connection.
    """
    stop = time.monotonic() + seconds
    numbers, done = count(), count()
    wrong: list[object] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(host, timeout=60)
        while not wrong:
            number = next(numbers)
            reader = FORWARDED.format(number >> 16 & 255, number >> 8 & 255, number & 255)
            try:
                connection.request("GET", path, headers={"X-Forwarded-For": reader})
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException) as failed:
                wrong.append(failed)
                return
            if response.status != 200:
                wrong.append(response.status)
            next(done)
            if time.monotonic() >= stop:
                return

    start = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise ValueError(f"{path} was answered by {wrong[0]!r}.")
    return next(done) / (time.monotonic() - start)


if __name__ == "__main__":
    print(answered(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))  # noqa: T201
