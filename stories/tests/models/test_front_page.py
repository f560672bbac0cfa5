"""The order of the front page: as it was chosen, the newest where nothing was."""

from stories.models.front_page import LEAST, arranged

NEWEST = range(100, 80, -1)


def order(*places: int | None, hidden: tuple[int, ...] = ()) -> list[int]:
    return arranged(places, live={one for one in places if one} - {*hidden}, newest=NEWEST)


def test_without_a_choice_the_newest_come_first() -> None:
    assert order(None, None) == list(NEWEST)[:LEAST]


def test_a_chosen_story_has_its_place_and_no_second_one() -> None:
    assert order(7, None, 99) == [7, 100, 99, 98, 97, 96, 95]


def test_a_story_that_readers_may_not_see_is_passed_over_and_those_behind_it_move_up() -> None:
    assert order(7, 8, None, 9, hidden=(7,)) == [8, 100, 9, 99, 98, 97, 96]
    assert order(7, hidden=(7,)) == list(NEWEST)[:LEAST]


def test_the_page_goes_as_far_as_the_last_chosen_place() -> None:
    assert order(*[None] * 9, 7) == [*list(NEWEST)[:9], 7]
    assert arranged([None, 7], live={7}, newest=[7, 3]) == [3, 7]
