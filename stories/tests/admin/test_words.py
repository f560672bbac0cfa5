"""What the desk says: plain words, one name for a thing, one form of dates, and what is wrong with a form."""

import ast
import datetime
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from stories.actions import permissions
from stories.admin import refusals
from stories.models import Article, Claim, Correction
from stories.tests import factories as make
from stories.tests.admin.test_every_screen import MAKE, address
from stories.tests.html import flat

BEFORE = re.compile(
    "How the importer f[a]res|Where it stands|Where claims stand|Behind it|Coming in|Nothing waits|may be one"
    "|is one with|parted|Part them|made one with|word of saying|speaks for it|nobody who speaks|just heard"
    "|no phrase fits|Put it back|Against now|Put in</ins>|when it says so|goes on working|Vouch for"
    "|Withhold the|Everything is in order|Write a story|Select tag|Who did what last|They differ in little"
    "|Merged last|Throw them away|are gone, |No fields changed|Take tags off|Nothing scheduled</p>"
)
FOLDERS = {
    "templates": "*.html",
    "stories/admin": "*.py",
    "stories/actions": "*.py",
    "stories/models": "*.py",
    "stories/extraction/speakers": "*.py",
    "stories/extraction/coreference": "*.py",
    "stories/templatetags": "*.py",
    "stories/static/stories/admin": "*.js",
}


def said_in(path):
    """What people may read of a file: of Python, its strings that are no docstrings."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [re.sub(r"{#.*?#}|/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)]
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose
    ]


@pytest.mark.any_database
def test_no_screen_has_the_old_words():
    found = [
        (path.name, words)
        for folder, names in FOLDERS.items()
        for path in (settings.BASE_DIR / folder).rglob(names)
        if path.name != "desk_log.py"  # it reads what the history of earlier releases says
        for said in said_in(path)
        for words in BEFORE.findall(said)
    ]
    assert found == []


@pytest.mark.any_database
def test_help_texts_have_curly_apostrophes_and_models_have_names():
    for model in apps.get_app_config("stories").get_models():
        assert "politician" not in str(model._meta.verbose_name)
        for field in model._meta.get_fields():
            assert not re.search(r"\w'\w", str(getattr(field, "help_text", ""))), field


STAMP = re.compile(
    r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\b|\b0\d [A-Z]\w+ \d{4}"
    r"|\d\d/\d\d/\d{4}|\d [ap]\.m\."
)


@pytest.mark.django_db
def test_every_list_and_form_has_dates_in_one_form(signed_in):
    client = signed_in()
    made = timezone.make_aware(datetime.datetime(2014, 11, 8, 21, 5))
    story = make.ArticleFactory(published_at=made, dateline=made.date())
    claim = make.ClaimFactory(said_on=made.date())
    Correction.objects.create(article=story, text="A wrong year.", made_at=made)
    pages = [address(model, "changelist") for model in MAKE]
    pages += [address(Article, "change", story.pk), address(Claim, "change", claim.pk)]
    for url in pages:
        page = client.get(url).content.decode()
        assert STAMP.findall(re.sub(r'href="[^"]*"', "", page)) == [], url
    form = client.get(pages[-1]).content.decode()
    assert 'value="8 November 2014"' in form
    assert "8 November 2014, 21:05" in client.get(address(Article, "changelist")).content.decode()


@pytest.mark.django_db
def test_a_date_is_read_in_the_form_it_is_shown_in(editor):
    claim = make.ClaimFactory()
    page = editor.get(address(Claim, "change", claim.pk))
    form = page.context["adminform"].form
    for typed in ("8 November 2014", "8 Nov 2014", "2014-11-08", "08/11/2014"):
        assert form.fields["said_on"].clean(typed) == datetime.date(2014, 11, 8)


@pytest.mark.django_db
def test_topics_are_topics_on_every_screen(signed_in):
    client = signed_in()
    tag = MAKE[apps.get_model("taggit", "Tag")](0)
    for url in (address(type(tag), "changelist"), address(type(tag), "change", tag.pk)):
        assert not re.search(r">[^<]*\btags?\b[^<]*<", flat(client.get(url).content.decode()))


@pytest.mark.django_db
def test_staff_are_told_what_they_may_not_do_and_who_may(signed_in):
    reporter = signed_in(permissions.REPORTER)
    refused = reporter.get(reverse("desk:people"))
    page = flat(refused.content.decode())
    assert refused.status_code == 403
    assert "You may not merge people." in page
    assert "Ask an editor or an administrator." in page
    assert f'href="{reverse("admin:index")}"' in page
    adding = reporter.get(reverse("admin:stories_page_add"))
    assert "You may not add pages." in flat(adding.content.decode())
    assert refusals.asked(None) == ("", "")


@pytest.mark.django_db
def test_what_is_wrong_with_a_form_is_listed_with_links_to_its_fields(editor):
    page = editor.post(reverse("admin:stories_article_add"), {"headline": "", "body": ""})
    faults = flat(page.content.decode()).partition('class="faults"')[2].partition("</section>")[0]
    assert 'tabindex="-1"' in faults
    assert re.search(r'<a href="#id_headline"\s*>Headline</a>', faults)
    assert ContentType.objects.get_for_model(Article).name == "story"
