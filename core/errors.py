"""Errors with a name, a message for the user, and the codes by which programs recognise them.

Every error that a person or another system may see derives from `SohoaError`. Its message says what happened, on
which thing, and what to do. `code` is stable and machine-readable; `status` is what the API answers; `exit_code` is
what the command line returns.
"""

from __future__ import annotations

from typing import ClassVar


class SohoaError(Exception):
    """Base of all named errors. `advice` says what the user can do about it."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    exit_code: int = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        """Pickled whole: an error crosses from the process that may die, whatever its own arguments are."""
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[SohoaError], arguments: tuple[object, ...], state: dict[str, object]) -> SohoaError:
    error = kind.__new__(kind, *arguments)
    error.args = arguments
    error.__dict__.update(state)
    return error


class SettingsError(SohoaError):
    """The installation is set up wrongly."""

    code = "settings"
    status = 500
    exit_code = 3


class NotFound(SohoaError):
    """The thing does not exist for this caller; what one may not read does not exist either."""

    code = "not_found"
    status = 404
    exit_code = 4

    def __init__(self, message: str, advice: str = "", denied: str = "") -> None:
        super().__init__(message, advice)
        self.denied = denied
        """What exists but is not for this caller, for the access log: "document:ID". Never shown."""


class SignInRequired(SohoaError):
    """No session, no token, or one that has expired."""

    code = "sign_in_required"
    status = 401
    exit_code = 5


class Forbidden(SohoaError):
    """The caller can see the thing but lacks the role for this action."""

    code = "forbidden"
    status = 403
    exit_code = 5


class StationRefused(SohoaError):
    """Unknown station, expired key, or security check out of date."""

    code = "station_refused"
    status = 401
    exit_code = 5


class CatalogueRefused(SohoaError):
    """No approved catalogue entry, or one without its named active owners."""

    code = "catalogue_refused"
    status = 422
    exit_code = 6


class ManifestMismatch(SohoaError):
    """The manifest does not match the files, or contradicts itself."""

    code = "manifest_mismatch"
    status = 422
    exit_code = 6


class AboveCeiling(SohoaError):
    """Declared above what this installation is cleared for; refused before a byte is stored."""

    code = "above_ceiling"
    status = 403
    exit_code = 7


class FileRefused(SohoaError):
    """A bad file. Its name, hash and reason are kept; its bytes are not."""

    code = "file_refused"
    status = 422
    exit_code = 6


class UnsupportedType(FileRefused):
    """The content is none of the accepted types, whatever its name says."""

    code = "unsupported_type"


class EmptyFile(FileRefused):
    """No bytes at all."""

    code = "empty_file"


class DamagedFile(FileRefused):
    """Truncated or malformed: it cannot be opened to the end."""

    code = "damaged_file"


class EncryptedFile(FileRefused):
    """A password is needed to read it."""

    code = "encrypted_file"


class LimitExceeded(FileRefused):
    """More bytes, pages or pixels than the settings allow."""

    code = "limit_exceeded"


class HashMismatch(FileRefused):
    """The bytes that arrived do not have the declared SHA-256."""

    code = "hash_mismatch"


class OffsetMismatch(SohoaError):
    """A chunk does not start where the stored part ends; `expected` is the offset to go on from."""

    code = "offset_mismatch"
    status = 409
    exit_code = 6

    def __init__(self, expected: int) -> None:
        super().__init__(f"This upload goes on from byte {expected}.", "Send the bytes from there.")
        self.expected = expected


class IllegalTransition(SohoaError):
    """A state cannot follow the present one."""

    code = "illegal_transition"
    status = 409
    exit_code = 6


class BatchSealed(IllegalTransition):
    """A sealed batch takes no more files and no other manifest."""

    code = "batch_sealed"


class StaleRevision(SohoaError):
    """Somebody else changed the thing since it was read."""

    code = "stale_revision"
    status = 409
    exit_code = 6


class InvalidValue(SohoaError):
    """A value breaks its rule. `faults` names each field with what is wrong about it; never the value itself."""

    code = "invalid_value"
    status = 422
    exit_code = 6

    def __init__(self, message: str, advice: str = "", faults: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(message, advice)
        self.faults = faults


class GateClosed(SohoaError):
    """A gate of the process is not met. `missing` lists what is lacking and where, one line each."""

    code = "gate_closed"
    status = 409
    exit_code = 6

    def __init__(self, message: str, missing: tuple[str, ...], advice: str = "") -> None:
        super().__init__(message, advice)
        self.missing = missing


class SeparationOfDuties(SohoaError):
    """Nobody confirms what they entered, or accepts what they confirmed."""

    code = "separation_of_duties"
    status = 403
    exit_code = 5


class SplitFailed(SohoaError):
    """A page could not be taken out of its file. `page` counts from 1 within it; the other pages go on."""

    code = "split_failed"
    status = 500
    exit_code = 8

    def __init__(self, message: str, page: int, advice: str = "") -> None:
        super().__init__(message, advice)
        self.page = page


class ReadingFailed(SohoaError):
    """A page could not be read. Never an empty text: the reason is kept with the page."""

    code = "reading_failed"
    status = 500
    exit_code = 8


class PackageRefused(SohoaError):
    """An offline package whose signature, encryption or contents do not verify."""

    code = "package_refused"
    status = 422
    exit_code = 6


class ReceiptInvalid(SohoaError):
    """A receipt whose signature does not verify or that does not name what was sent."""

    code = "receipt_invalid"
    status = 422
    exit_code = 6


class LeaseLost(SohoaError):
    """Another worker holds this job now; whatever this one made is thrown away."""

    code = "lease_lost"
    status = 409


class QueryRefused(SohoaError):
    """A search that is longer, has more words, or reaches further than one search may."""

    code = "query_refused"
    status = 422
    exit_code = 6


class BackupDamaged(SohoaError):
    """A backup, or something in it, is missing or has changed."""

    code = "backup_damaged"
    exit_code = 6


class BackupRefused(SohoaError):
    """A backup cannot be restored here."""

    code = "backup_refused"
    exit_code = 6


class RecordsUnavailable(SohoaError):
    """The database does not answer now. What was asked for has not happened."""

    code = "records_unavailable"
    status = 503
    exit_code = 9


class StoreUnavailable(SohoaError):
    """The store of objects does not answer or cannot write now. Nothing is lost: it is tried again."""

    code = "store_unavailable"
    status = 503
    exit_code = 9


class ObjectLocked(SohoaError):
    """An accepted original is held against deletion."""

    code = "object_locked"
    status = 409
    exit_code = 6


class SearchUnavailable(SohoaError):
    """The search index cannot be opened, read or written now. Nothing is lost: it is rebuilt from the records."""

    code = "search_unavailable"
    status = 503
    exit_code = 9


class SearchRefused(SohoaError):
    """The search index refuses a document or a question for what it is; another try will be refused as well."""

    code = "search_refused"
    status = 500
    exit_code = 8


class ServiceUnreachable(SohoaError):
    """The centre does not answer."""

    code = "service_unreachable"
    status = 503
    exit_code = 9


class ServiceRefused(SohoaError):
    """The centre answered with an error; `error_code` is its name there."""

    code = "service_refused"
    exit_code = 6

    def __init__(
        self, message: str, error_code: str, advice: str = "", expected: int | None = None, status: int = 0
    ) -> None:
        super().__init__(message, advice)
        self.error_code = error_code
        self.expected = expected
        self.exit_code = {401: 5, 403: 5, 404: 4}.get(status, 6)
