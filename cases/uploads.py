"""How much may be sent as files: whoever sends more is cut off while sending, not after it."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from cases.importing.limits import MOST_SENT


class LimitedUploads(FileUploadHandler):
    """Counts what comes in, over all files of a request. Stands before the handlers that keep it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > MOST_SENT:
            raise RequestDataTooBig(f"more than {MOST_SENT // 1_000_000} MB of files")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
