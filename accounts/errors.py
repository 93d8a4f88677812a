"""Refusals: each has a stable code, an HTTP status and a Chinese sentence fit to show."""


class DomainError(Exception):
    """A request that the house refuses, in words for the person who made it."""

    code = "refused"
    status = 400
    default_message = "无法完成这一步。"
    lacks_right = False

    def __init__(self, message: str = "", *, code: str = "") -> None:
        self.message = message or self.default_message
        self.code = code or self.code
        super().__init__(self.message)


class InvalidError(DomainError):
    """What was sent does not hold."""

    code = "invalid"
    status = 400
    default_message = "提交的内容有误。"


class ForbiddenError(DomainError):
    """The person may see the object but not take this step."""

    code = "forbidden"
    status = 403
    lacks_right = True
    default_message = "您没有权限做这一步。"


class NotFoundError(DomainError):
    """The object does not exist for this person."""

    code = "not_found"
    status = 404
    default_message = "没有这条记录，或您无权查看。"


class ConflictError(DomainError):
    """The object is in a state in which this step makes no sense."""

    code = "conflict"
    status = 409
    default_message = "当前状态下不能做这一步，请刷新后再看。"


class IllegalTransitionError(ConflictError):
    """The table of transitions has no such step from the present state."""

    code = "illegal_transition"


class StaleError(DomainError):
    """Somebody changed the object after it was read."""

    code = "stale"
    status = 412
    default_message = "这条记录刚被他人修改，您填写的内容仍保留在页面上，请核对后再保存。"


class KeyReusedError(DomainError):
    """One request key came with two different bodies."""

    code = "request_key_reused"
    status = 422
    default_message = "同一请求编号对应了不同的内容，请刷新页面后重新提交。"


class TooManyError(DomainError):
    """The same was tried too often."""

    code = "too_many_tries"
    status = 429
    default_message = "尝试的次数太多，请15分钟以后再试；忘记密码的，请方案管理员打印一张开通码。"
