"""Any file becomes text and a plan, each in a process of its own."""

from plans.readers.document import Document, DocumentError, Places, TooSlowError, place_of
from plans.readers.entry import Progress, document_from, read_document, rows_from
from plans.readers.kinds import READABLE

__all__ = [
    "READABLE",
    "Document",
    "DocumentError",
    "Places",
    "Progress",
    "TooSlowError",
    "document_from",
    "place_of",
    "read_document",
    "rows_from",
]
