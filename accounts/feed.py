"""The record as a file for networks apart, its entries in the shape of the API."""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.api.events import EventSerializer
from accounts.errors import InvalidError
from accounts.events import last_number
from accounts.models import Event, User


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What goes along with a file: its checksum, what is in it, where the next one begins."""

    sha256: str
    count: int
    first_seq: int | None
    last_seq: int | None
    after: int
    next_after: int
    signature: str = ""

    @property
    def signed(self) -> str:
        """The signature that the key of this installation gives: over all the other fields."""
        fields = asdict(self) | {"signature": ""}
        words = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(settings.FEED_KEY.encode(), words, hashlib.sha256).hexdigest()


def export_feed(*, after: int, until: int | None, to: Path, reader: User) -> Sidecar:
    """Write the entries that the reader may see, after a number and up to another, one a line; the
    sidecar stands beside it as FILE.json. Both appear whole or not at all, the sidecar last."""
    last = last_number()
    if after < 0 or after > last:
        raise InvalidError(f"起始序号要在0到{last}之间；从备份恢复过的，请从较早的序号重新导出。")
    end = last if until is None else min(until, last)
    if end < after:
        raise InvalidError("结束序号不能小于起始序号。")
    rows = Event.objects.visible_to(reader).filter(seq__gt=after, seq__lte=end).order_by("seq")
    digest, numbers, shape = hashlib.sha256(), [], EventSerializer()
    part = to.with_name(f"{to.name}.part")
    with part.open("wb") as out:
        for event in rows.iterator(chunk_size=1000):
            entry = shape.to_representation(event)
            line = (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode()
            out.write(line)
            digest.update(line)
            numbers.append(event.seq)
        _settle(out)
    first, newest = (numbers[0], numbers[-1]) if numbers else (None, None)
    unsigned = Sidecar(digest.hexdigest(), len(numbers), first, newest, after, end)
    sidecar = Sidecar(**(asdict(unsigned) | {"signature": unsigned.signed}))
    beside = part.with_name(f"{to.name}.json.part")
    with beside.open("wb") as out:
        out.write(json.dumps(asdict(sidecar), indent=1).encode())
        _settle(out)
    sidecar_of(to).unlink(missing_ok=True)  # never an old sidecar beside a new file
    part.replace(to)
    beside.replace(sidecar_of(to))
    return sidecar


def _settle(out: Any) -> None:
    out.flush()
    os.fsync(out.fileno())


def sidecar_of(file: Path) -> Path:
    """Return where the sidecar of a file stands."""
    return file.with_name(f"{file.name}.json")


def verify_feed(file: Path) -> Sidecar:
    """Return what the sidecar says, when signature, checksum and numbers hold; InvalidError says
    what does not."""
    try:
        sidecar = Sidecar(**json.loads(sidecar_of(file).read_text(encoding="utf-8")))
        signature = sidecar.signed
    except FileNotFoundError:
        raise InvalidError(f"没有找到{sidecar_of(file).name}，请连同它一起拷贝。") from None
    except (ValueError, TypeError):
        raise InvalidError(f"{sidecar_of(file).name}读不出来，请重新拷贝。") from None
    if not hmac.compare_digest(signature.encode(), str(sidecar.signature).encode()):
        raise InvalidError("签名不符：清单被改动，或者两边的 FEED_KEY 不同。")
    digest, numbers = hashlib.sha256(), []
    try:
        for line in _lines(file):
            digest.update(line)
            numbers.append(json.loads(line)["seq"])
    except FileNotFoundError:
        raise InvalidError(f"没有找到{file.name}。") from None
    except (ValueError, KeyError, TypeError):
        raise InvalidError("文件内容读不出来，请重新拷贝。") from None
    if digest.hexdigest() != sidecar.sha256:
        raise InvalidError("校验值不符：文件被改动或没有拷完，请重新拷贝。")
    if numbers != sorted(set(numbers)) or len(numbers) != sidecar.count:
        raise InvalidError("序号不连贯，请重新导出。")
    return sidecar


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        yield from lines
