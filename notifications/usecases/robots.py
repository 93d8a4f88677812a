"""群机器人: registered for a unit or a person, stopped, and given the digests of the day."""

from datetime import date, datetime

from accounts import clock
from accounts.authorize import authorize
from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, Membership, User
from accounts.usecase import lock, refuse_unless, usecase
from notifications.channels.robot import address_of, allowed_origins, origin_of
from notifications.choices import Channel, OutboxStatus, RobotKind
from notifications.models import Outbox, Robot


@usecase
def add_robot(
    *,
    kind: RobotKind,
    department: Department,
    user: User | None,
    url: str,
    signing: str,
    by: User,
    at: datetime,
) -> Robot:
    """Register a robot for a unit, or for one person of it; only at an allowed origin."""
    authorize(by, "notifications.manage_robots", department)
    if origin_of(url.strip()) not in allowed_origins():
        raise InvalidError(
            "这个地址的主机不在允许的范围内，请系统管理员先在 ROBOT_HOSTS 里加上。", code="bad_url"
        )
    if user is not None:
        seats = Membership.objects.active().filter(user=user, department=department)
        refuse_unless(seats.exists(), "这位同志不在这个单位任职。")
    robot = Robot.objects.create(
        kind=kind,
        department=department,
        user=user,
        url=url.strip(),
        signing=signing.strip(),
        created_by=by,
        created_at=at,
    )
    _record(robot, "add_robot", by=by, at=at)
    return robot


@usecase
def end_robot(*, robot_id: int, by: User, at: datetime) -> Robot:
    """Stop a robot and forget its secrets."""
    robot = lock(Robot, robot_id)
    authorize(by, "notifications.manage_robots", robot.department)
    refuse_unless(robot.ended_at is None, "这个群机器人已经停用。")
    robot.ended_at, robot.url, robot.signing = at, "", ""
    robot.save(update_fields=["ended_at", "url", "signing"])
    _record(robot, "end_robot", by=by, at=at)
    return robot


def _record(robot: Robot, action: str, *, by: User, at: datetime) -> None:
    unit = robot.department
    record(robot, action, by=by, at=at, district=unit.district_id, department=unit)


@usecase
def queue_for_robots(*, at: datetime, today: date) -> int:
    """Put a message for each robot into the outbox whose unit or person has a digest today; one a
    robot and day. Return how many were tried."""
    digests = Outbox.objects.filter(
        day=today, channel=Channel.MAIL, hands_over_to=None, urge=None
    ).exclude(status=OutboxStatus.CANCELLED)
    told = set(digests.values_list("recipient_id", flat=True))
    seats: dict[int, list[int]] = {}
    reporting = Membership.objects.active().of_role(Role.LIAISON, Role.HEAD)
    for unit, person in reporting.order_by("id").values_list("department_id", "user_id"):
        seats.setdefault(unit, []).append(person)
    made = []
    for robot in Robot.objects.filter(ended_at=None).order_by("id"):
        people = [pk for pk in seats.get(robot.department_id, []) if pk in told]
        if robot.user_id:
            people = [pk for pk in people if pk == robot.user_id]
        made += [
            Outbox(
                dedupe_key=f"digest:robot{robot.pk}:{today}",
                recipient_id=person,
                channel=Channel.ROBOT,
                robot=robot,
                address=address_of(robot),
                day=today,
                created_at=at,
                next_at=clock.real_now(),
            )
            for person in people[:1]
        ]
    Outbox.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
