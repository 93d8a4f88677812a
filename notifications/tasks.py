"""What Celery runs: one call, nothing that matters in its arguments."""

from celery import shared_task

from notifications.tick import tick as run_tick

LONGEST = 300  # seconds: a file that was begun in time may take some minutes


@shared_task(  # type: ignore[untyped-decorator]
    name="notifications.tick",
    acks_late=True,
    ignore_result=True,
    soft_time_limit=LONGEST,
    time_limit=LONGEST + 30,
)
def tick() -> None:
    """Sweep, send and read; a second run at the same time does the rest, never the same."""
    run_tick()
