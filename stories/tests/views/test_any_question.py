"""Whatever stands behind the question mark, a page answers; and it costs no more queries than it should."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from stories.api import endpoints
from stories.tests.views.newsroom import build
from stories.tests.views.questions import questions

pytestmark = pytest.mark.django_db

PARTS = 4
# As many as are asked on every run; NEWSROOM_QUESTIONS=20000 asks very many.
NUMBER = int(os.environ.get("NEWSROOM_QUESTIONS", "600"))
# Every filter of the page and one query for each of its facets, its rows and what hangs on them.
MOST_QUERIES = 30


class Counting:
    """An execution wrapper: how many queries an answer took."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.queries += 1
        return execute(*args)


@pytest.mark.parametrize("part", range(PARTS))
def test_any_question_gets_an_answer_and_none_costs_more_than_a_list_does(
    client: Client, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(endpoints.ByAddress, "allow_request", lambda *args: True)
    client.raise_request_exception = False
    build(2)
    for address, query in questions(seed=part, number=NUMBER // PARTS):
        with connection.execute_wrapper(counting := Counting()):
            answer = client.get(address, QUERY_STRING=query)
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert answer.status_code in {200, 301, 400, 404, 422, 501}, (address, query)
        assert counting.queries <= MOST_QUERIES, (address, query)


@pytest.mark.parametrize("query", ["q=\xff\xfe", f"q={'a' * 9000}", f"page={'9' * 5000}", "page=%d9%a1"])
@pytest.mark.parametrize("address", ["/stories/", "/claims/", "/search/"])
def test_what_is_no_text_at_all_gets_an_answer_too(client: Client, address: str, query: str) -> None:
    assert client.get(address, QUERY_STRING=query).status_code in {200, 404}
