"""Any acts of editors, reviewers, reporters and the import, in any order, keep the promise.

Each program is some thirty acts in a newsroom of a few stories with twin sentences. After every act each
placed claim stands on its own words in its own speaker's sentence, nothing unpublished is on any public
address, no column that another person set has gone back, and what the database keeps is what it would
compute anew.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from stories.api import endpoints
from stories.tests.promise.machine import Newsroom

pytestmark = pytest.mark.django_db

PARTS = 4
# As many as run every time; NEWSROOM_PROGRAMS=20000 runs very many.
PROGRAMS = int(os.environ.get("NEWSROOM_PROGRAMS", "200"))
ACTS = 30
# The same programs every time; another number draws others.
SEED = int(os.environ.get("NEWSROOM_SEED", "0"))


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_done_in_whatever_order_the_promise_is_kept(
    monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(endpoints.ByAddress, "allow_request", lambda *args: True)

    Newsroom.furnish()

    class Part(Newsroom):
        """A class of its own, so that each part has a seed of its own."""

    run_state_machine_as_test(
        seed(SEED + part)(Part),
        settings=settings(
            max_examples=max(1, PROGRAMS // PARTS),
            stateful_step_count=ACTS,
            deadline=None,
            database=None,
            print_blob=True,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
