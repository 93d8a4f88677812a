"""What a plan says, wherever in a text it says it."""

from plans.parsing import ParsedPlan


def facts(plan: ParsedPlan) -> list[tuple[object, ...]]:
    """Return the tasks without their places in the text."""
    return [
        (
            task.id,
            task.part,
            task.title,
            [name.department for name in task.lead],
            [name.department for name in task.support],
            [(found.text, found.due, found.what) for found in task.deadlines],
        )
        for task in plan.tasks
    ]
