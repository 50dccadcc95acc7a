"""One spelling of a value as JSON, so that what is signed or hashed is the same bytes on every machine."""

from __future__ import annotations

import hashlib
import json

from pydantic import BaseModel


def canonical_json(model: BaseModel) -> bytes:
    """The model as UTF-8 JSON with sorted keys and no spaces; letters stay letters, never escapes."""
    values = model.model_dump(mode="json")
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(model: BaseModel) -> str:
    """SHA-256 of the canonical JSON, in lower-case hexadecimal."""
    return hashlib.sha256(canonical_json(model)).hexdigest()
