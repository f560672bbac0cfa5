"""Pages, feeds, labels and messages say what a British newspaper's own site would say: one name a thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from stories.facets.filters import ArticleFilter, ClaimFilter

ROOT = Path(__file__).resolve().parents[2]
# What was replaced by plainer words, in short pieces.
QUAINT = """
said lately | claims lately | stories lately | stories this week | we put right | else we have put
does not fit with | on your own page | who writes here | for programs | whole record
same as a picture | as a picture | follow a name | stronger the | printed then as | printed as said
in the stories</ | checked last | talked about in {{ | fit what you | fits what you
what you asked for | has exactly these | exactly these words | has all of these | of the kind “
take off | nothing at this address | led anywhere | look for the words | we got wrong, and
taken away quietly | gone through again | made of facts | bears it out | taken home
taken back leaves | reason behind | broke on our side | not your doing | page of yours | is heard on
desk has put | not judged | day not known | spoke is to the left | fits all of | a filter off
so much has | were compared | no word or number in | link has ended | for a time only
could not be understood</ | page is for the desk | may not open it | pages end here
everything you asked | in short: | is spoken here | how it is judged | what they did with
how it was checked | as printed then | claims as they are found | verdict taken back
page of its own | fits that. | is called that | needs a script to | described for machines
change our mind | bears that name | are two already | who was told, and | where only you find | longer good<
""".replace("\n", "|")


def test_pages_say_it_in_plain_words() -> None:
    phrases = [phrase.strip() for phrase in QUAINT.split("|") if phrase.strip()]
    quaint = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE)
    found = [f"{where}: {hit.group()}" for where, text in everything_shown() for hit in quaint.finditer(text)]
    assert not found


def everything_shown() -> Iterator[tuple[str, str]]:
    """Yield (where, text) of what readers and editors may be shown, white space as HTML counts it."""
    for path in [*(ROOT / "templates").rglob("*.*"), ROOT / "README.md"]:
        yield str(path.relative_to(ROOT)), " ".join(path.read_text().split())
    for path in (ROOT / "stories").rglob("*.js"):
        yield str(path.relative_to(ROOT)), " ".join(path.read_text().split())
    for room in ("actions", "admin", "api", "facets", "formats", "models", "search", "templatetags", "views"):
        for path in (ROOT / "stories" / room).rglob("*.py"):
            for text in strings_of(path.read_text()):
                yield str(path.relative_to(ROOT)), " ".join(text.split())
    for model in apps.get_app_config("stories").get_models():
        for field in model._meta.get_fields():
            label = f"{getattr(field, 'verbose_name', '')} {getattr(field, 'help_text', '')}"
            yield f"{model.__name__}.{field.name}", label
    for filters in (ArticleFilter, ClaimFilter):
        for name, one in filters.base_filters.items():
            yield f"{filters.__name__}.{name}", str(one.label)


def strings_of(code: str) -> Iterator[str]:
    """Yield every string of a module but its docstrings."""
    tree = ast.parse(code)
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value
