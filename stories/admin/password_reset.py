"""The pages for a forgotten password; only where mail can be sent (EMAIL_URL)."""

from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path

EVERY = 300  # seconds in which one address is sent one mail at most, however often somebody asks
HEADER = {"site_header": admin.site.site_header}


class Reset(views.PasswordResetView):
    """Asks for the mail address, and says the same whether it is known or not."""

    extra_context = HEADER

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Send the mail, with the site's own address in it, whatever Host the request says."""
        asked = sha256(form.cleaned_data["email"].lower().encode()).hexdigest()
        if cache.add(f"password-reset:{asked}", 1, EVERY):
            address = urlsplit(settings.SITE_URL)
            form.save(
                domain_override=address.netloc,
                use_https=address.scheme == "https",
                request=self.request,
                extra_email_context={"site_name": settings.PUBLICATION_NAME},
            )
        return HttpResponseRedirect(self.get_success_url())


# Named as Django's own pages look for them: the first is what the page for signing in offers.
urlpatterns = [
    path("admin/password_reset/", Reset.as_view(), name="admin_password_reset"),
    path(
        "admin/password_reset/done/",
        views.PasswordResetDoneView.as_view(extra_context=HEADER),
        name="password_reset_done",
    ),
    path(
        "admin/reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(extra_context=HEADER),
        name="password_reset_confirm",
    ),
    path(
        "admin/reset/done/",
        views.PasswordResetCompleteView.as_view(extra_context=HEADER),
        name="password_reset_complete",
    ),
]
