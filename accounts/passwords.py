"""What a password must be, how long it lives, and what ends with it.

Two profiles by the setting PASSWORD_PROFILE: ``djbh`` (等级保护: ten signs of three classes, not
one of the last five, ninety days) and ``nist`` (fifteen signs, no classes, no ageing). Both refuse
common passwords and the words of the house, without a network.
"""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from accounts import clock
from accounts.models import ApiToken, District, UsedPassword, User

CLASSES = (
    re.compile("[a-z]"),
    re.compile("[A-Z]"),
    re.compile("[0-9]"),
    re.compile("[^a-zA-Z0-9]"),
)
FEWEST_CLASSES = 3
LAST = 5
LONGEST_LIFE = timedelta(days=90)
LEFT = 8
CONTEXT = (
    "password", "passwd", "admin", "welcome", "qwerty", "plan", "track", "demo", "duban", "ducha",
    "fazhi", "fazheng", "sifa", "zhengfu", "xitong", "mima", "督办", "督查", "法治", "法制", "司法",
    "政府", "密码", "方案", "任务", "系统",
)  # fmt: skip
YEAR = re.compile("(?:19|20)[0-9]{2}")


class ClassesValidator:
    """Wants signs of three of the four classes."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password of fewer classes."""
        if sum(bool(sort.search(password)) for sort in CLASSES) < FEWEST_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "大写字母、小写字母、数字、符号，至少要有三种。"


class ContextValidator:
    """Refuses passwords that consist mainly of words of the house, the place or a year."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password of which little is left without these words."""
        words = [*CONTEXT, *District.objects.values_list("name", flat=True)]
        text = password.casefold()
        left = text
        for word in filter(None, words):
            left = left.replace(word.casefold(), "")
        if left != text and len(YEAR.sub("", left)) < LEFT:
            raise ValidationError(self.get_help_text(), code="password_context")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "不要用本系统、本地区的名称和年份拼成密码。"


class HistoryValidator:
    """Refuses the last five passwords; keeps each new one, and ends the tokens of the person."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse one of the last passwords of the person."""
        if user is None or user.pk is None:
            return
        last = UsedPassword.objects.filter(user=user).values_list("password", flat=True)
        if any(check_password(password, used) for used in last[:LAST]):
            raise ValidationError(self.get_help_text(), code="password_used")

    def password_changed(self, password: str, user: User | None = None) -> None:
        """Note the new password; Django calls this whenever one has been saved."""
        if user is None or not user.has_usable_password():
            return
        now = clock.real_now()
        UsedPassword.objects.create(user=user, password=user.password, at=now)
        kept = UsedPassword.objects.filter(user=user).values("pk")[:LAST]
        UsedPassword.objects.filter(user=user).exclude(
            pk__in=list(kept.values_list("pk", flat=True))
        ).delete()
        User.objects.filter(pk=user.pk).update(password_set_at=now)
        user.password_set_at = now
        ApiToken.objects.usable(at=now).filter(user=user).update(revoked_at=now)

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "不能与最近五次用过的密码相同。"


def is_expired(user: User, *, now: datetime) -> bool:
    """Say whether the person has to change the password before anything else."""
    if not settings.PASSWORDS_AGE or not user.has_usable_password():
        return False
    return now - (user.password_set_at or user.date_joined) >= LONGEST_LIFE
