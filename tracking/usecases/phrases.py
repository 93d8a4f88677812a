"""常用语: what a reviewer keeps for a click."""

from datetime import datetime

from accounts.authorize import authorize
from accounts.errors import InvalidError, NotFoundError
from accounts.events import record
from accounts.models import User
from accounts.usecase import refuse_unless, usecase
from tracking.models import Phrase
from tracking.models.reports import LONGEST_PHRASE

MOST = 20


@usecase
def keep_phrase(*, text: str, by: User, at: datetime) -> Phrase:
    """Keep a sentence of one's own; one that is there stays as it is."""
    authorize(by, "tracking.see_queue")
    words = " ".join(text.split())
    if not words:
        raise InvalidError("请先写常用语。")
    if len(words) > LONGEST_PHRASE:
        raise InvalidError(f"常用语不超过{LONGEST_PHRASE}字。")
    phrase, is_new = Phrase.objects.get_or_create(user=by, text=words)
    if is_new:
        refuse_unless(by.phrases.count() <= MOST, f"常用语最多{MOST}条，请先删去不用的。")
        record(phrase, "keep", by=by, at=at)
    return phrase


@usecase
def drop_phrase(*, phrase_id: int, by: User, at: datetime) -> None:
    """Forget a sentence of one's own."""
    phrase = Phrase.objects.filter(pk=phrase_id, user=by).first()
    if phrase is None:
        raise NotFoundError
    record(phrase, "drop", by=by, at=at)
    phrase.delete()
