"""The rules, one a file: every module of this folder has a constant ``RULE``. Nothing else lists them.

To add one, copy the file of a rule like it, name it as the rule with ``_`` for ``-``, and write its pattern,
its label, its reason and the shortest text that shows it (``case``), which ``test_rules.py`` reads. A habit
of copy that it meets gets a case under ``tests/extraction/cases`` too. ``manage.py evaluate_extraction``
measures what the rule is worth.

Rules with a function (``whole``, ``behind``, ``ahead``) find the source of words that marks have found. The
others only declare name, label, reason and case here. Their code is in the module of ``quotations`` that
finds the words as well: one search of a sentence serves several of them (``reported._subject`` decides
between four rules), and ``quotations`` is a lower room, which must not import ``speakers``.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from stories.extraction.speakers.rule import Rule


def walk() -> dict[str, Rule]:
    """Name to rule, in the order in which they are asked."""
    found = [import_module(f"{__name__}.{module.name}").RULE for module in iter_modules(__path__)]
    return {rule.name: rule for rule in sorted(found, key=lambda rule: (rule.order, rule.name))}


RULES: dict[str, Rule] = walk()


def label_of(name: str) -> str:
    """The pattern a rule looks for, with X for the speaker; the name itself when there is no such rule."""
    return RULES[name].label if name in RULES else name
