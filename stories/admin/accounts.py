"""User accounts and groups: Django's admin, made safe for concurrent editing."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple, ChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from stories.actions import invitations, second_factor
from stories.actions.errors import NotAllowed, NotReady
from stories.admin import widgets  # noqa: F401  (before any form is made: it gives all of them our dates)
from stories.admin.form_state import user_of
from stories.admin.generics import AdminUserCreationForm, UserAdmin
from stories.admin.shared_editing import SharedEditing

admin.site.unregister((User, Group))
admin.site.unregister((TOTPDevice, StaticDevice))  # their pages print the secrets


class NewAccountForm(AdminUserCreationForm[User]):
    """A colleague: with a password to be told them, or invited by mail to choose one."""

    class Meta(AdminUserCreationForm.Meta):
        fields = ("username", "first_name", "last_name", "email", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the invitation where mail can be sent."""
        super().__init__(*args, **kwargs)
        self.fields["groups"].label, self.fields["groups"].help_text = "Roles", ""
        choice = cast(ChoiceField, self.fields["usable_password"])
        choice.label, choice.help_text = "Password", ""
        choice.choices = [
            ("false", "They choose one: send an invitation by mail"),
            ("true", "I choose one and tell them"),
        ]
        choice.initial = "false"
        if not settings.EMAIL_URL:
            del self.fields["usable_password"]
            self.fields["password1"].required = self.fields["password2"].required = True

    def clean(self) -> dict[str, Any]:
        """Ask for an address to send the invitation to."""
        cleaned = super().clean() or {}
        if not cleaned.get("set_usable_password", True) and not cleaned.get("email"):
            self.add_error("email", "An invitation needs a mail address.")
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Save an account that may use the desk."""
        self.instance.is_staff = True
        return super().save(commit)


@admin.register(User)
class AccountAdmin(SharedEditing[User], UserAdmin[User]):
    """User accounts."""

    add_form = NewAccountForm
    change_form_template = "admin/auth/user/change_form.html"

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Ask for all that an account at the desk needs at once, not in two steps."""
        if obj is not None:
            return super().get_fieldsets(request, obj)
        password = ("usable_password",) if settings.EMAIL_URL else ()
        named = ("username", "first_name", "last_name", "email", "groups")
        return [(None, {"classes": ("wide",), "fields": (*named, *password, "password1", "password2")})]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave the roles of a new account their boxes to tick."""
        if db_field.name == "groups" and not (request.resolver_match and request.resolver_match.kwargs):
            kwargs["widget"] = CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that invite somebody again and remove their second factor."""
        view = self.admin_site.admin_view
        own = [
            path("<int:number>/invite/", view(self.invite), name="auth_user_invite"),
            path(
                "<int:number>/second-factor/",
                view(self.remove_second_factor),
                name="auth_user_remove_second_factor",
            ),
        ]
        return own + super().get_urls()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say which of the account's pages make sense."""
        user = context.get("original")
        if user is not None:
            context["has_second_factor"] = second_factor.has_one(user)
            context["may_be_invited"] = bool(settings.EMAIL_URL and not user.has_usable_password())
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Invite a colleague who chooses their own password."""
        if not obj.has_usable_password():
            self._invite(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def invite(self, request: HttpRequest, number: int) -> HttpResponse:
        """Send the invitation again."""
        user = self._account(request, number)
        if request.method == "POST":
            self._invite(request, user)
            return redirect("admin:auth_user_change", number)
        return self._ask(request, user, "Invite again", f"A mail with a new link goes to {user.email}.")

    def remove_second_factor(self, request: HttpRequest, number: int) -> HttpResponse:
        """Ask, then remove the second factor of somebody who lost it."""
        user = self._account(request, number)
        if request.method == "POST":
            try:
                second_factor.remove(user=user, by=user_of(request))
            except NotAllowed as problem:
                raise PermissionDenied(str(problem)) from problem
            messages.success(request, f"The second factor of {user.get_username()} is removed.")
            return redirect("admin:auth_user_change", number)
        effect = "They sign in with the password alone until they set up another. Be sure who asks for this."
        return self._ask(request, user, "Remove the second factor", effect)

    def _account(self, request: HttpRequest, number: int) -> User:
        user = self.get_object(request, str(number))
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        return cast(User, user)

    def _invite(self, request: HttpRequest, user: User) -> None:
        try:
            invitations.invite(user=user, by=user_of(request))
        except (NotReady, NotAllowed) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, f"An invitation is on its way to {user.email}.")

    def _ask(self, request: HttpRequest, user: User, title: str, effect: str) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "effect": effect, "account": user}
        return TemplateResponse(request, "admin/desk/account_question.html", context)


@admin.register(Group)
class RoleAdmin(SharedEditing[Group], GroupAdmin):
    """Groups: the roles of staff."""
