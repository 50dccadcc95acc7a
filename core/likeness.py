"""Likeness of texts: MinHash signatures of word shingles, and the bands by which like ones are found.

A. Broder, "On the resemblance and containment of documents", 1997: the share of equal minima of two texts' hashed
shingles estimates their Jaccard similarity J, with a standard error of sqrt(J(1 - J) / 128). Texts of which all minima
of one band are equal become candidates: of 32 bands of 4, with probability 1 - (1 - J^4)^32.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from core.text import fold, words_of

MINIMA = 128
BANDS = 32
_ROWS = MINIMA // BANDS
_WIDTH = 3
"""Words in a shingle."""
FEWEST_SHINGLES = 20
"""A shorter text has no signature: a form's few printed words say nothing about which document it is."""
NEAR = 0.7
"""Jaccard similarity from which texts are near; `python -m benchmarks.duplicates` measures what it finds."""
_CHUNK = 4096

Signature = npt.NDArray[np.uint32]
_rng = np.random.Generator(np.random.PCG64(20260101))
# Multiply-add-shift over 64 bits (Dietzfelbinger): part of every stored signature, so never to be changed.
_FACTORS = _rng.integers(0, 2**63, MINIMA, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS = _rng.integers(0, 2**63, MINIMA, dtype=np.uint64)


def shingle(text: str) -> npt.NDArray[np.uint64]:
    """Hashes, 32 bits each, of every three neighbouring words of the folded text; each once."""
    folded = fold(text)
    words = [match.group() for match in words_of(folded)]
    pieces = {" ".join(words[at : at + _WIDTH]) for at in range(len(words) - _WIDTH + 1)}
    digests = b"".join(hashlib.blake2b(piece.encode(), digest_size=4).digest() for piece in sorted(pieces))
    return np.unique(np.frombuffer(digests, "<u4")).astype(np.uint64)


def sign_shingles(shingles: npt.NDArray[np.uint64]) -> Signature | None:
    """The signature, uint32 of length 128; None for a text that is too short to have one."""
    if len(shingles) < FEWEST_SHINGLES:
        return None
    minima = np.full(MINIMA, 2**32 - 1, np.uint32)
    for start in range(0, len(shingles), _CHUNK):
        hashed = _FACTORS[:, None] * shingles[None, start : start + _CHUNK] + _OFFSETS[:, None]
        minima = np.minimum(minima, (hashed >> np.uint64(32)).astype(np.uint32).min(axis=1))
    return minima


def sign_text(text: str) -> Signature | None:
    """The signature of a text's shingles."""
    return sign_shingles(shingle(text))


def estimate(one: Signature, other: Signature) -> float:
    """The estimated Jaccard similarity of two signed texts, 0..1."""
    return float(np.mean(one == other))


def bands_of(signature: Signature) -> tuple[int, ...]:
    """The 32 bands as signed integers of 64 bits; the band's number is part of each."""
    rows = signature.astype("<u4").reshape(BANDS, _ROWS)
    return tuple(_hash_band(band, row.tobytes()) for band, row in enumerate(rows))


def _hash_band(band: int, row: bytes) -> int:
    digest = hashlib.blake2b(row, digest_size=8, salt=band.to_bytes(2, "little")).digest()
    return int.from_bytes(digest, "little", signed=True)


def pack(signature: Signature) -> bytes:
    """The signature as 512 bytes."""
    return signature.astype("<u4").tobytes()


def unpack(packed: bytes) -> Signature:
    """The signature that `pack` packed."""
    return np.frombuffer(packed, "<u4").astype(np.uint32)
