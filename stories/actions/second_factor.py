"""The second factor of signing in: a code from an app (TOTP, RFC 6238), or a recovery code.

Whoever has one is asked for it after the password, and nobody is signed in before it is right. Who is of a
role that SECOND_FACTOR_ROLES names, and every superuser when it names any, sets one up before they can go on.
"""

from secrets import token_hex

from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from stories.actions.errors import NotAllowed, NotReady
from stories.actions.permissions import require

EVERYONE = "everyone"
RECOVERY_CODES = 10
DIGITS = 6  # of an app's code; a recovery code is longer
WRONG = "That code is not right. Use the newest one your app shows."


def required_of(user: User) -> bool:
    """Whether `user` may sign in only with a second factor. One query at most."""
    roles: list[str] = settings.SECOND_FACTOR_ROLES
    if not roles:
        return False
    return user.is_superuser or EVERYONE in roles or user.groups.filter(name__in=roles).exists()


def has_one(user: User) -> bool:
    """Whether `user` has set up a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def recovery_codes_left(user: User) -> int:
    """How many recovery codes `user` has not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """Return the secret that `user` puts into an app, the same until it is confirmed.

    Raises NotAllowed for who has a second factor: it is taken off first.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if has_one(user):
        raise NotAllowed("You have a second factor already.")
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
    return device


@transaction.atomic
def confirm(*, user: User, code: str) -> list[str]:
    """Take the secret of `begin` into use if `code` comes from it; the recovery codes, told only here.

    Raises NotReady if it does not, NotAllowed if nothing was begun.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None:
        raise NotAllowed("Nothing is being set up.")
    device.throttling_failure_count = 0  # nobody guesses at a secret they have been shown
    device.throttling_failure_timestamp = None
    if not device.verify_token(_without_spaces(code)):
        raise NotReady(WRONG)
    device.confirmed = True
    device.save()
    _log(user, by=user, words="Set up a second factor.")
    return _new_codes(user)


def check(*, user: User, code: str) -> None:
    """Return if `code` is `user`'s: the app's newest, or a recovery code, which is then used up.

    Raises NotReady otherwise, for a while after each wrong one whatever the code is, with the time in it.
    """
    code = _without_spaces(code)
    kind = TOTPDevice if code.isdigit() and len(code) == DIGITS else StaticDevice
    with transaction.atomic():
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        allowed, why = device.verify_is_allowed() if device else (True, {})
        right = device is not None and allowed and device.verify_token(code.lower())
    if not allowed:
        until = timezone.localtime(why["locked_until"])
        raise NotReady(f"Too many wrong codes. Try again after {until:%H:%M:%S}.")
    if not right:
        raise NotReady(WRONG)


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Return new recovery codes; the old ones are no longer good. Raises NotAllowed if `user` has none."""
    if not has_one(user):
        raise NotAllowed("You have no second factor.")
    _log(user, by=user, words="Made new recovery codes.")
    return _new_codes(user)


@transaction.atomic
def remove(*, user: User, by: User | None) -> None:
    """Take `user`'s second factor off: their own, or one that was lost. Raises NotAllowed.

    Where it is required, `user` sets up another the next time they sign in.
    """
    if by != user:
        require(by, "auth.change_user", "change accounts")
        if by is not None and user.is_superuser and not by.is_superuser:
            raise NotAllowed("Only a superuser may change a superuser’s account.")
    elif required_of(user):
        raise NotAllowed("Your role needs a second factor.")
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    _log(user, by=by, words="Removed the second factor.")


def _without_spaces(code: str) -> str:
    return "".join(code.split()).replace("-", "")


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [token_hex(6) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _log(user: User, *, by: User | None, words: str) -> None:
    if by is not None:
        LogEntry.objects.log_actions(by.pk, [user], CHANGE, change_message=words, single_object=True)
