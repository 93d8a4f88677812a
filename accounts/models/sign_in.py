"""What people and programs sign in with, and what did not let them in."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from accounts.choices import TokenScope, every_scope
from accounts.models.base import User
from accounts.querysets import ApiTokenQuerySet, SignInCodeQuerySet


class ApiToken(models.Model):
    """A key with which a program acts as a person; only the hash of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name="人员")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField("校验值", max_length=64, unique=True)
    scopes = models.JSONField("权限", default=every_scope)
    created_at = models.DateTimeField("建立时间")
    expires_at = models.DateTimeField("失效时间")
    warned_at = models.DateTimeField("提醒到期时间", null=True, editable=False)
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    last_used_on = models.DateField("最近使用", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()
    secret = ""

    class Meta:
        verbose_name = verbose_name_plural = "接口令牌"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.user} {self.name}"

    @property
    def scope_labels(self) -> str:
        """What it may do, in words."""
        return "、".join(str(TokenScope(scope).label) for scope in self.scopes)


class SignInCode(models.Model):
    """开通码: printed for one person, who sets a password with it once; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="codes", verbose_name="人员")
    digest = models.CharField("校验值", max_length=64, unique=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("签发时间")
    expires_at = models.DateTimeField("失效时间")
    used_at = models.DateTimeField("使用时间", null=True, blank=True)
    ended_at = models.DateTimeField("作废时间", null=True, blank=True)

    objects = SignInCodeQuerySet.as_manager()
    secret = ""

    class Meta:
        verbose_name = verbose_name_plural = "开通码"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, ended_at=None),
                name="accounts_code_one_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.issued_at}"


class UsedPassword(models.Model):
    """The hash of a password that a person has had, so that the last ones are not used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="used_passwords")
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.user} {self.at}"


class FailedSignIn(models.Model):
    """A wrong password or code: for which name, from where; five of them close the way."""

    username = models.CharField("用户名", max_length=60)
    source = models.CharField("来源", max_length=45)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "登录失败"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["username", "source", "at"], name="accounts_failed_of"),
            models.Index(fields=["source", "at"], name="accounts_failed_from"),
        ]

    def __str__(self) -> str:
        return f"{self.username} {self.source} {self.at}"
