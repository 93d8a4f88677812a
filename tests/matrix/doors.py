"""Who passes, who is refused, and who is not even told that there is something."""

from typing import NamedTuple

EVERYBODY = frozenset(
    (
        *("liaison", "head", "deputy", "colleague", "supporter", "leader_of_others"),
        *("coordinator", "supervisor", "leader", "system", "security", "audit"),
        *("outsider", "unplaced"),
    )
)
DISTRICT = EVERYBODY - {"outsider", "unplaced"}
OWNERS = frozenset({"liaison", "head", "deputy"})
OVERSEERS = frozenset({"coordinator", "supervisor", "leader"})
REVIEWERS = frozenset({"coordinator", "supervisor"})
SEERS = OWNERS | OVERSEERS
HELPERS = SEERS | {"supporter"}
COORDINATOR = frozenset({"coordinator"})
PEOPLE_OF = OWNERS | COORDINATOR
NOBODY: frozenset[str] = frozenset()
# Whoever holds the role somewhere, for pages that are about nothing in particular.
COORDINATORS = COORDINATOR | {"outsider"}
ALL_REVIEWERS = REVIEWERS | {"outsider"}
REGISTRARS = COORDINATORS | {"system"}
REPORTERS = OWNERS | {"colleague", "supporter", "outsider"}
SIGN_IN = 302


class Door(NamedTuple):
    """The answer to those who may, 403 to others who see the thing, 404 to the rest.

    ``stranger`` is the answer to somebody who has not signed in; ``hidden`` stands for 404 where
    the thing is named by the body and not by the address.
    """

    status: int
    may: frozenset[str]
    sees: frozenset[str] = EVERYBODY
    stranger: int = SIGN_IN
    hidden: int = 404

    def answer_to(self, who: str) -> int:
        """Return what somebody is told."""
        if who == "stranger":
            return self.stranger
        if who in self.may:
            return self.status
        return 403 if who in self.sees else self.hidden


class Page(NamedTuple):
    """An address, the row that fills it, and its doors; a verb without one is not taken."""

    about: tuple[str, ...] = ()
    get: Door | None = None
    post: Door | None = None


def seen(about: str, may: frozenset[str], status: int = 200) -> Page:
    """A page to read about a row, hidden from those who may not."""
    return Page((about,), get=Door(status, may, NOBODY))


def step(about: str, may: frozenset[str], sees: frozenset[str] = SEERS, status: int = 302) -> Page:
    """A step with a row, taken by POST alone."""
    return Page((about,), post=Door(status, may, sees))


def desk(
    may: frozenset[str], *about: str, sees: frozenset[str] = EVERYBODY, post: int = 400
) -> Page:
    """A page with a form, open to the same people for both."""
    return Page(about, get=Door(200, may, sees), post=Door(post, may, sees))
