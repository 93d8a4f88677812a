"""A file as read: its text, where each stretch of it came from, and the plan that stands in it."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from plans.parsing import ParsedPlan
from plans.readers.limits import MOST_CHARACTERS

Places = list[tuple[int, str]]
# Signs that steer the direction or the breaking of lines, controls, and halves of characters.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)

ROW = re.compile(r".*表\d+第\d+行")


class DocumentError(Exception):
    """A file that cannot be read as a document; the message is Chinese and fit to show."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class TooSlowError(DocumentError):
    """A file that was not read in the time given; it may be in more time."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read; the text of its plan is what every span counts in.

    ``places`` are starts in the text with the name of what begins there: 第3页, 第12段, 表2第5行.
    """

    name: str
    media_type: str
    sha256: str
    plan: ParsedPlan
    places: Places

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.plan.text


def refuse_too_long(length: int) -> None:
    """Raise DocumentError for more characters than any plan has."""
    if length > MOST_CHARACTERS:
        raise DocumentError("too_long", "文件文字太多，请只保留方案正文后再上传。")


def place_of(places: Sequence[Sequence[int | str]], text: str, offset: int) -> str:
    """Return the name of the place in a text that holds an offset, in a table its cell too.

    Empty before the first place.
    """
    index = bisect_right(places, offset, key=lambda place: int(place[0]))
    if not index:
        return ""
    start, name = int(places[index - 1][0]), str(places[index - 1][1])
    end = text.find("\n", start)
    if not ROW.fullmatch(name) or "\t" not in text[start : end if end >= 0 else None]:
        return name
    return f"{name}第{text.count(chr(9), start, offset) + 1}列"


class Pages:
    """Collects lines and the places they came from."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._length = 0
        self.places: Places = []

    def add(self, line: str, place: str) -> None:
        """Add a line; a place is kept where it begins."""
        line = INVISIBLE.sub("", line)
        refuse_too_long(self._length)
        if not self.places or self.places[-1][1] != place:
            self.places.append((self._length, place))
        self._lines += [line] if not self._lines else ["\n", line]
        self._length += len(line) + 1

    def join(self, text: str, place: str) -> None:
        """Add text to the last line; a place is kept where it begins."""
        if self.places[-1][1] != place:
            self.places.append((self._length - 1, place))
        text = INVISIBLE.sub("", text)
        self._lines.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        """All lines, each with its end."""
        return "".join((*self._lines, "\n")) if self._lines else ""
