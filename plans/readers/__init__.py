"""Any file of a plan becomes text, each in a process of its own but for plain text."""

from plans.readers.document import Document, DocumentError, Places, place_of
from plans.readers.entry import document_from, read_document
from plans.readers.kinds import READABLE

__all__ = [
    "READABLE",
    "Document",
    "DocumentError",
    "Places",
    "document_from",
    "place_of",
    "read_document",
]
