"""Addresses made of words in any script."""

import pytest

from stories.text.addresses import address_of


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("The wall: who’s paying?", "the-wall-whos-paying"),
        ("Zoë Ní Bhriain", "zoe-ni-bhriain"),
        ("Łódź pays", "lodz-pays"),
        ("Жданов: нет", "zhdanov-net"),
        ("Η γέφυρα", "i-gefyra"),
        ("محمد العلي", "mhmd-lly"),
        ("桥梁 2026", "qiao-liang-2026"),
        ("— …", ""),
    ],
)
def test_words_of_any_script_make_an_address(words: str, address: str) -> None:
    assert address_of(words) == address
