"""Items: nodes of the outline with their own text, and what that text assigns."""

from dataclasses import dataclass, field

from plans.parsing.cells import place
from plans.parsing.lexicon.time import TITLE_END
from plans.parsing.outline import Node
from plans.parsing.responsibility import Assignment
from plans.parsing.spans import View


@dataclass(slots=True)
class Item:
    """A node of the outline with its own text as a view, and what that text assigns.

    `assigns` tells whether its own text names who has to do it, `is_led` whether it names more than
    helpers; its heading sentence stands in the view from `title_start` to `title_end`.
    `inherited` speaks for it where it names nobody itself, `extra` in any case; `rules` are what
    its own text says for everything below it. `repeats` are rows of a table that say it again, or
    the heading it stands under; `restated` those of them that say this one alone.
    """

    node: Node
    view: View
    assignments: list[Assignment]
    inherited: list["Item"] = field(default_factory=list)
    extra: list["Item"] = field(default_factory=list)
    rules: list["Item"] = field(default_factory=list)
    repeats: list["Item"] = field(default_factory=list)
    restated: list["Item"] = field(default_factory=list)
    is_repeat_sure: bool = True
    assigns: bool = field(init=False)
    is_led: bool = field(init=False)
    title_start: int = field(init=False)
    title_end: int = field(init=False)

    def __post_init__(self) -> None:
        named = [a for a in self.assignments if a.names]
        self.assigns = bool(named)
        self.is_led = any(name.role != "support" for a in named for name in a.names)
        self.title_start, most = self._title_place(named[0] if named else None)
        stop = TITLE_END.search(self.view.text, self.title_start, most)
        ends = [a.outer_start for a in named if a.outer_start > self.title_start]
        self.title_end = min([stop.start() if stop else most, *ends])

    def _title_place(self, first: Assignment | None) -> tuple[int, int]:
        """Return where in the view the heading stands: in its cell, or after a bracket in front."""
        if self.node.row:
            return place(self.view, self.node.row.title)
        most = len(self.view.text)
        if first is None or first.outer_start > 0 or first.outer_end == first.end:
            return 0, most
        return first.outer_end, most

    @property
    def is_marked(self) -> bool:
        """Tell whether a bracket, a label or a rule names somebody, not running text alone."""
        return any(
            a.names and not a.is_running for g in (self, *self.givers) for a in g.assignments
        )

    @property
    def is_assigned(self) -> bool:
        """Tell whether anybody is named for it, here or elsewhere."""
        return self.assigns or any(giver.assigns for giver in self.givers)

    @property
    def givers(self) -> list["Item"]:
        """Return the items elsewhere whose words speak for this one."""
        told = [speaker for row in self.repeats for speaker in (row, *row.extra)]
        return [*([] if self.is_led else told or self.inherited), *self.extra]

    @property
    def title(self) -> str:
        """Return the heading sentence in plain signs."""
        return self.view.text[self.title_start : self.title_end].strip(",;:、")
