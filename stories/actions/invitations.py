"""Inviting a colleague: a mail with a link, by which they choose their own password."""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from stories.actions.errors import NotReady
from stories.actions.permissions import name_of, require


def invite(*, user: User, by: User | None) -> None:
    """Mail `user` the link to choose a password, good for PASSWORD_RESET_TIMEOUT seconds and once.

    Raises NotAllowed; NotReady where no mail can be sent, or who it is for has a password or no address.
    """
    require(by, "auth.add_user", "invite colleagues")
    if not settings.EMAIL_URL:
        raise NotReady("No mail server is set, so no invitation can be sent.")
    if not user.email:
        raise NotReady("The account has no mail address.")
    if user.has_usable_password():
        raise NotReady("The account has a password already; “Forgotten your password?” sends a new link.")
    number = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("password_reset_confirm", args=[number, default_token_generator.make_token(user)])
    context = {
        "user": user,
        "by": by and name_of(by),
        "publication": settings.PUBLICATION_NAME,
        "address": settings.SITE_URL + path,
        "desk": settings.SITE_URL + reverse("admin:index"),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    }
    message = EmailMessage(
        f"Your account at {settings.PUBLICATION_NAME}",
        render_to_string("admin/desk/invitation.txt", context),
        to=[user.email],
    )
    try:
        message.send()
    except OSError as error:  # smtplib's errors are of this kind
        raise NotReady(f"The mail to {user.email} could not be sent: {error}.") from error
