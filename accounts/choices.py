"""The fixed words of districts, departments, people and files."""

from django.db.models import TextChoices


class DepartmentKind(TextChoices):
    """What a unit is; papers to Party organs, courts and procuratorates go another way."""

    PARTY = "party", "区委部门"
    GOVERNMENT = "government", "政府部门"
    CONGRESS = "congress", "人大机关"
    CONSULTATIVE = "consultative", "政协机关"
    DISCIPLINE = "discipline", "纪检监察机关"
    COURT = "court", "审判机关"
    PROCURATORATE = "procuratorate", "检察机关"
    MASS = "mass", "群团"
    TOWNSHIP = "township", "乡镇街道"
    VERTICAL = "vertical", "垂管派驻"


GOVERNMENT_SIDE = frozenset(
    {DepartmentKind.GOVERNMENT, DepartmentKind.TOWNSHIP, DepartmentKind.VERTICAL}
)
"""Kinds that government supervision reaches; all others are asked, not ordered."""


class NameKind(TextChoices):
    """How another name of a unit relates to its own."""

    ALIAS = "alias", "简称"
    FORMER = "former", "曾用名"


class Role(TextChoices):
    """What a person does in a department."""

    LIAISON = "liaison", "联络员"
    HEAD = "head", "审签领导"
    DEPUTY = "deputy", "副职（受委托签发人）"
    SUPERVISOR = "supervisor", "督查（审核）人员"
    COORDINATOR = "coordinator", "方案管理员"
    VIEWER = "viewer", "领导查阅"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class ScanState(TextChoices):
    """What the scanner said of a file."""

    UNSCANNED = "unscanned", "未扫描"
    CLEAN = "clean", "正常"
    INFECTED = "infected", "有害"


class EventResult(TextChoices):
    """Whether the step was taken or refused."""

    DONE = "done", "完成"
    DENIED = "denied", "拒绝"


class ExternalKind(TextChoices):
    """What another system can have a number for."""

    DEPARTMENT = "department", "单位"
    PLAN = "plan", "实施方案"
    MEASURE = "measure", "具体措施"


class TokenScope(TextChoices):
    """What a token may do, of what its person may do."""

    READ = "read", "查询"
    REPORT = "report", "填报"
    REVIEW = "review", "审核"
    MANAGE = "manage", "管理"
    FEED = "feed", "变更订阅"


def every_scope() -> list[str]:
    """Return all scopes: what a token from before there were any may do."""
    return list(TokenScope.values)
