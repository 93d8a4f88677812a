"""What Celery runs: one call, nothing that matters in its arguments."""

from celery import shared_task

from notifications.tick import tick as run_tick


@shared_task(name="notifications.tick", acks_late=True, ignore_result=True)  # type: ignore[untyped-decorator]
def tick() -> None:
    """Sweep and send; a second run at the same time does the rest, never the same."""
    run_tick()
