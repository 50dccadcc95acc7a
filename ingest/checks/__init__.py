"""The checks of a file before anything trusts it; the same at the station as at the centre.

Pure: they read one file and write nothing.
"""

from ingest.checks.inspect import FileFacts, inspect_file
from ingest.checks.limits import Limits

__all__ = ["FileFacts", "Limits", "inspect_file"]
