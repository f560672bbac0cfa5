"""Signing in: the password, then the second factor of whoever has one or needs one.

Between the two nobody is signed in: the session only holds whose password was right, for ten minutes.
"""

import time
from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from stories.actions import second_factor
from stories.actions.errors import NotAllowed, NotReady
from stories.admin.form_state import user_of

HALFWAY = "sign_in"  # in the session: whose password was right, and when
SECONDS = 600  # for the code
FEW = 3  # recovery codes: below that one is told how many are left
WITH_SECOND_FACTOR = "second_factor"  # in the session of who gave one


class CodeForm(forms.Form):
    """One code."""

    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "size": 20}
        ),
    )


class SignIn(LoginView):
    """Asks for user name and password, as Django's own page does."""

    authentication_form = AdminAuthenticationForm
    template_name = "admin/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what Django's template of the page asks for."""
        asked = {"title": "Log in", "app_path": self.request.get_full_path()}
        context = {**admin.site.each_context(self.request), **asked, **super().get_context_data(**kwargs)}
        context.setdefault(REDIRECT_FIELD_NAME, reverse("admin:index"))
        return context

    def get_default_redirect_url(self) -> str:
        """Return the address of the desk."""
        return reverse("admin:index")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or go on to where a signed-in member of staff wanted to go."""
        if admin.site.has_permission(request):
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, or ask for the second factor first."""
        user = form.get_user()
        if not (second_factor.has_one(user) or second_factor.required_of(user)):
            return super().form_valid(form)
        self.request.session.cycle_key()
        self.request.session[HALFWAY] = {
            "user": user.pk,
            "backend": user.backend,
            "password": user.get_session_auth_hash(),
            "at": int(time.time()),
            "next": self.get_success_url(),
        }
        return redirect("sign_in_code" if second_factor.has_one(user) else "second_factor")


def ask_for_second_factor(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: sign out who signed in without a second factor before their role needed one."""

    def asked(request: HttpRequest) -> HttpResponse:
        if (
            settings.SECOND_FACTOR_ROLES
            and settings.SESSION_COOKIE_NAME in request.COOKIES
            and request.user.is_authenticated
            and not request.session.get(WITH_SECOND_FACTOR)
            and second_factor.required_of(request.user)
        ):
            logout(request)
        return get_response(request)

    return asked


@never_cache
@sensitive_post_parameters("code")
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask whoever's password was right for the code, then sign them in."""
    user = _halfway(request)
    if user is None or not second_factor.has_one(user):
        return _begin_again(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.check(user=user, code=form.cleaned_data["code"])
        except NotReady as problem:
            form.add_error("code", str(problem))
        else:
            where = _sign_in(request, user)
            left = second_factor.recovery_codes_left(user)
            if left < FEW:
                messages.warning(request, f"You have {left} recovery codes left. Make new ones.")
            return redirect(where)
    return _page(request, "sign_in_code", title="Second factor", form=form)


@never_cache
@sensitive_post_parameters("code")
def own_page(request: HttpRequest) -> HttpResponse:
    """One's second factor: set it up (on the way in, too), make new recovery codes, remove it."""
    inside = admin.site.has_permission(request)
    user = user_of(request) if inside else _halfway(request)
    if user is None or (not inside and second_factor.has_one(user)):
        return _begin_again(request)
    form = CodeForm(request.POST or None)
    codes = None
    has_one = second_factor.has_one(user)
    if form.is_valid():
        try:
            if has_one:
                second_factor.check(user=user, code=form.cleaned_data["code"])
                if "remove" in request.POST:
                    second_factor.remove(user=user, by=user)
                    request.session.pop(WITH_SECOND_FACTOR, None)
                    messages.success(request, "Your second factor is removed.")
                    return redirect("second_factor")
                codes = second_factor.renew_codes(user=user)
            else:
                codes = second_factor.confirm(user=user, code=form.cleaned_data["code"])
        except (NotReady, NotAllowed) as problem:
            form.add_error("code", str(problem))
    if codes is not None:
        where = reverse("admin:index")
        if inside:
            request.session[WITH_SECOND_FACTOR] = True
        else:
            where = _sign_in(request, user)
        return _page(request, "recovery_codes", title="Recovery codes", codes=codes, next=where)
    context: dict[str, Any] = {
        "has_one": has_one,
        "required": second_factor.required_of(user),
        "inside": inside,
    }
    if has_one:
        context["left"] = second_factor.recovery_codes_left(user)
    else:
        device = second_factor.begin(user)
        context["key"] = _in_fours(device.config_url.partition("secret=")[2].partition("&")[0])
        picture = segno.make(device.config_url, error="m")
        context["picture"] = picture.svg_data_uri(scale=4, border=4, light="white")
    return _page(request, "second_factor", title="Second factor", form=form, **context)


def _halfway(request: HttpRequest) -> User | None:
    """Whose password was right in this session, not long ago, and is that user's still."""
    kept = request.session.get(HALFWAY)
    if not kept or not 0 <= time.time() - kept["at"] <= SECONDS:
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    return user


def _sign_in(request: HttpRequest, user: User) -> str:
    """Sign `user` in and return where they wanted to go."""
    kept = request.session.pop(HALFWAY)
    login(request, user, backend=kept["backend"])
    request.session[WITH_SECOND_FACTOR] = True
    return str(kept["next"])


def _begin_again(request: HttpRequest) -> HttpResponse:
    request.session.pop(HALFWAY, None)
    return redirect("admin:login")


def _in_fours(key: str) -> str:
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"admin/desk/{name}.html", {**admin.site.each_context(request), **context})


# Before the admin's own addresses: the first takes the place of its page.
urlpatterns = [
    path("admin/login/", SignIn.as_view(), name="sign_in"),
    path("admin/login/code/", code_page, name="sign_in_code"),
    path("admin/second-factor/", own_page, name="second_factor"),
]
