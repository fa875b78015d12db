"""How much may come in at the desk."""

MOST_SENT = 10_000_000  # bytes of all files of a request
MOST_UNPACKED = 50_000_000  # bytes of one of them, once unpacked
MOST_WORKBOOK = 1_000_000_000  # bytes of a workbook, once unpacked, wherever it comes in
MOST_MEMBERS = 100  # files within a file
MOST_FILES = 100
MOST_TEXT = 1_000_000  # characters of a text to be entered
