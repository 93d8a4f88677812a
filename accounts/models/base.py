"""Districts, units, people, files, events, request keys, working days."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.choices import (
    DepartmentKind,
    EventResult,
    ExternalKind,
    NameKind,
    Role,
    ScanState,
)
from accounts.querysets import (
    DepartmentQuerySet,
    EventQuerySet,
    ExternalIdQuerySet,
    GroupQuerySet,
    MembershipQuerySet,
    StoredFileQuerySet,
    UserQuerySet,
)
from accounts.unit_code import unit_code


class District(models.Model):
    """A county-level place: owner of units, plans and files."""

    name = models.CharField("行政区", max_length=50, unique=True)
    code = models.CharField("行政区划代码", max_length=12, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "行政区"

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A unit of the register; its ``code`` is made once and outlives every name."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    code = models.CharField(
        "单位编码", max_length=12, unique=True, default=unit_code, editable=False
    )
    name = models.CharField("简称", max_length=60)
    full_name = models.CharField("全称", max_length=100, blank=True)
    kind = models.CharField("类别", max_length=16, choices=DepartmentKind)
    host = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name="挂靠"
    )
    is_confirmed = models.BooleanField("已确认", default=False)
    ordinal = models.PositiveSmallIntegerField("排序", default=0)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    signs_online = models.BooleanField("在线审签", default=False)
    version = models.PositiveIntegerField(default=1)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["ordinal", "id"]
        constraints = [
            UniqueConstraint(fields=["district", "name"], name="accounts_department_name"),
            CheckConstraint(
                condition=Q(kind__in=DepartmentKind.values), name="accounts_department_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """承接: the work of a unit that ended goes on in another; the main one inherits its names."""

    predecessor = models.ForeignKey(
        Department, models.PROTECT, related_name="successions", verbose_name="原单位"
    )
    successor = models.ForeignKey(
        Department, models.PROTECT, related_name="inherited", verbose_name="承接单位"
    )
    is_main = models.BooleanField("主要承接")
    effective_on = models.DateField("生效日期")
    basis = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "机构改革承接"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(fields=["predecessor", "successor"], name="accounts_succession_once"),
            UniqueConstraint(
                fields=["predecessor"],
                condition=Q(is_main=True),
                name="accounts_succession_one_main",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class DepartmentName(models.Model):
    """Another name under which documents speak of a unit."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    department = models.ForeignKey(
        Department, models.CASCADE, related_name="names", verbose_name="单位"
    )
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("性质", max_length=8, choices=NameKind, default=NameKind.ALIAS)

    class Meta:
        verbose_name = verbose_name_plural = "其他名称"
        constraints = [
            UniqueConstraint(fields=["district", "name"], name="accounts_department_name_once"),
            CheckConstraint(
                condition=Q(kind__in=NameKind.values), name="accounts_departmentname_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A collective name: 各乡镇 has members by kind or by list, 各有关部门 stays open."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    name = models.CharField("统称", max_length=60)
    kinds = models.JSONField("成员类别", default=list, blank=True)
    members = models.ManyToManyField(Department, blank=True, verbose_name="另列成员")
    is_open_ended = models.BooleanField("成员不定", default=False)
    version = models.PositiveIntegerField(default=1)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "统称"
        ordering = ["id"]
        constraints = [UniqueConstraint(fields=["district", "name"], name="accounts_group_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_labels(self) -> list[str]:
        """The kinds of units that belong to it, in words."""
        return [str(DepartmentKind(kind).label) for kind in self.kinds]


class ExternalId(models.Model):
    """What another system calls a plan, a measure or a unit.

    ``key`` is the code of a unit, the number of a plan, the lineage of a measure: what stays when
    names and editions change.
    """

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    kind = models.CharField("对象类别", max_length=12, choices=ExternalKind)
    key = models.CharField("对象", max_length=36)
    source = models.CharField("外部系统", max_length=40)
    value = models.CharField("外部编号", max_length=100)

    objects = ExternalIdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "外部编号"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["district", "kind", "source", "value"], name="accounts_externalid_once"
            ),
            CheckConstraint(
                condition=Q(kind__in=ExternalKind.values), name="accounts_externalid_kind"
            ),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="accounts_externalid_of")]

    def __str__(self) -> str:
        return f"{self.source} {self.value}"


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person; without a password nobody can sign in as them."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; what they may do follows from memberships."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    email = models.EmailField("电子邮箱", blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_staff = models.BooleanField("可进登记后台", default=False)
    is_service = models.BooleanField("服务账号", default=False, editable=False)
    date_joined = models.DateTimeField("建立时间", default=timezone.now)  # noqa: TID251
    access_version = models.PositiveIntegerField(default=1, editable=False)
    password_set_at = models.DateTimeField("密码设置时间", null=True, editable=False)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Tie a session to the password, as Django does, and to the roles: a raised
        ``access_version`` ends every session of the person."""
        return self._tied(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same for the secret keys that were used before."""
        for found in super().get_session_auth_fallback_hash():
            yield self._tied(found)

    def _tied(self, to_password: str) -> str:
        tied = f"{to_password}:{self.access_version}"
        return salted_hmac("accounts.session", tied, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """Return the name that pages show."""
        return self.name


class Membership(models.Model):
    """A role of a person in a department from a day to a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="人员")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="memberships", verbose_name="单位"
    )
    role = models.CharField("角色", max_length=16, choices=Role)
    charges = models.ManyToManyField(
        Department, blank=True, related_name="leaders", verbose_name="分管单位"
    )
    from_on = models.DateField("起")
    until_on = models.DateField("止", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["id"]
        constraints = [
            UniqueConstraint(
                fields=["user", "department", "role"],
                condition=Q(until_on=None),
                name="accounts_membership_once",
            ),
            UniqueConstraint(
                fields=["user"],
                condition=Q(
                    until_on=None,
                    role__in=[Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN],
                ),
                name="accounts_membership_one_administrator",
                violation_error_message="系统、安全、审计三类管理员不能由一人兼任。",
            ),
            CheckConstraint(condition=Q(role__in=Role.values), name="accounts_membership_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.department} {self.get_role_display()}"


class StoredFile(models.Model):
    """An uploaded or made file under a generated name; see accounts.files."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="行政区")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, verbose_name="单位"
    )
    uploaded_by = models.ForeignKey(User, models.PROTECT, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    name = models.CharField("文件名", max_length=200)
    stored_as = models.CharField("存储名", max_length=80, unique=True)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64)
    scan = models.CharField("扫描", max_length=12, choices=ScanState, default=ScanState.UNSCANNED)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        constraints = [
            CheckConstraint(condition=Q(scan__in=ScanState.values), name="accounts_file_scan")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it in a page: nothing in it can run."""
        return self.media_type in {"image/jpeg", "image/png"}


class EventSequence(models.Model):
    """The last number given to an event; its one row is the lock that keeps the numbers gapless."""

    last = models.PositiveBigIntegerField(default=0)


class Event(models.Model):
    """Who did what to which object, when and why; append-only."""

    seq = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    action = models.CharField("动作", max_length=40)
    result = models.CharField("结果", max_length=8, choices=EventResult, default=EventResult.DONE)
    actor = models.ForeignKey(User, models.PROTECT, null=True, verbose_name="经办人")
    actor_name = models.CharField("经办人姓名", max_length=40, blank=True)
    district = models.ForeignKey(District, models.PROTECT, null=True, verbose_name="行政区")
    department = models.ForeignKey(Department, models.PROTECT, null=True, verbose_name="单位")
    object_kind = models.CharField("对象类别", max_length=40)
    object_id = models.PositiveBigIntegerField("对象")
    within_kind = models.CharField("所属类别", max_length=40, blank=True)
    within_id = models.PositiveBigIntegerField("所属", null=True)
    note = models.TextField("说明", blank=True)
    data = models.JSONField("数据", default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        indexes = [
            models.Index(fields=["object_kind", "object_id"], name="accounts_event_object"),
            models.Index(fields=["within_kind", "within_id"], name="accounts_event_within"),
            models.Index(fields=["department", "seq"], name="accounts_event_of_unit"),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(result__in=EventResult.values), name="accounts_event_result"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.object_kind} {self.object_id}"


class RequestKey(models.Model):
    """A request that has been carried out, so that its repetition is not."""

    user = models.ForeignKey(User, models.CASCADE)
    route = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "请求编号"
        constraints = [
            UniqueConstraint(fields=["user", "route", "key"], name="accounts_requestkey_once")
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says, or the mark that its year is known."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("工作日")
    name = models.CharField("名称", max_length=60, blank=True)
    source = models.CharField("来源", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'} {self.name}"
