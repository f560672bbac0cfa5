from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from stories.actions import permissions
from stories.actions.errors import NotAllowed

pytestmark = pytest.mark.django_db


def permissions_of(name: str) -> set[str]:
    return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))


def test_the_four_groups_are_made_once():
    Group.objects.all().delete()
    first = permissions.set_up_roles()
    assert first.made == ("Reporter", "Fact-checker", "Editor", "Import staff")
    assert first.added > 0
    assert permissions.set_up_roles() == permissions.SetUp((), 0, 0)


def test_permissions_that_were_changed_by_hand_are_put_right_and_other_groups_left_alone():
    permissions.set_up_roles()
    reporter = Group.objects.get(name=permissions.REPORTER)
    reporter.permissions.add(
        *Group.objects.get(name=permissions.EDITOR).permissions.filter(codename="publish_article")
    )
    reporter.permissions.remove(reporter.permissions.get(codename="submit_article"))
    Group.objects.create(name="Photographers")
    assert permissions.set_up_roles() == permissions.SetUp((), 1, 1)
    assert "publish_article" not in permissions_of(permissions.REPORTER)
    assert "submit_article" in permissions_of(permissions.REPORTER)
    assert Group.objects.filter(name="Photographers").exists()


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("Reporter", "submit_article", {"publish_article", "review_claim", "rate_claim", "run_import"}),
        ("Fact-checker", "rate_claim", {"publish_article", "change_article", "run_import"}),
        ("Editor", "publish_article", {"run_import", "undo_import"}),
        ("Import staff", "undo_import", {"publish_article", "change_article", "review_claim"}),
    ],
)
def test_each_role_may_do_its_work_and_not_another_s(role, may, may_not):
    permissions.set_up_roles()
    assert may in permissions_of(role)
    assert not permissions_of(role) & may_not


def test_no_role_may_touch_accounts():
    permissions.set_up_roles()
    assert not any(
        name.endswith(("_user", "_group", "_permission"))
        for r in permissions.ROLES
        for name in permissions_of(r)
    )


def test_every_permission_of_our_own_belongs_to_some_role():
    """A new one must be given to somebody, or nobody but a superuser could ever use it."""
    from django.apps import apps

    ours = {
        code for model in apps.get_app_config("stories").get_models() for code, _ in model._meta.permissions
    }
    given = {code for role in permissions.ROLES for _, code in permissions.codenames(role)}
    assert ours <= given


def test_the_operator_may_do_everything_and_a_stranger_nothing(person):
    permissions.require(None, "stories.publish_article", "publish")
    with pytest.raises(NotAllowed, match="You may not publish"):
        permissions.require(person("no group"), "stories.publish_article", "publish")


def test_the_command_says_what_it_did():
    Group.objects.all().delete()
    out = StringIO()
    call_command("set_up_roles", stdout=out)
    call_command("set_up_roles", stdout=out)
    assert "Made: Reporter, Fact-checker, Editor, Import staff." in out.getvalue()
    assert "Every group has its permissions already." in out.getvalue()
