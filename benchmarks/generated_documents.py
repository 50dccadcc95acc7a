"""Documents of the generator for the benchmarks of description: as scanned, as read, and kept so that a second run
costs nothing.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from core.recognition import RecognizedPage
from ocr.engines.registry import EngineOptions
from ocr.images import load_page_image
from ocr.reading import Reader
from synthesis.any_personal import make_person_paper
from synthesis.blocks import Looks
from synthesis.damage import damage_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.personal import RETENTIONS, SEXES
from synthesis.rarities import RARITIES, make_rare_document
from synthesis.truth import FieldValue, RenderedDocument
from synthesis.vocabulary import PARTY_TYPES, STATE_TYPES
from synthesis.writers import encode_jpeg

MAX_PIXELS = 100_000_000

Truth = Mapping[str, FieldValue]


@cache
def open_reader() -> Reader:
    """This process's reader."""
    return Reader.open(EngineOptions("sohoa"))


def choose_looks(rng: Random) -> Looks:
    """Numbers, dates, stamps, seal and table by chance; every secrecy and urgency stamp there is."""
    secrecy = rng.choice(("MẬT", "MẬT", "TỐI MẬT", "TUYỆT MẬT")) if rng.random() < 0.35 else None
    urgency = rng.choice(("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ")) if rng.random() < 0.3 else None
    pens, incoming, seal, table = (rng.random() < 0.5, rng.random() < 0.5), *(rng.random() for _ in range(3))
    return Looks(*pens, urgency, secrecy, incoming < 0.3, seal < 0.85, table < 0.2, length=1)


def make_rare(seed: int, at: int) -> tuple[str, RenderedDocument]:
    """Rare document `at` of a seed as scanned, with its rarity."""
    rng = Random(f"rare/{seed}/{at}")
    rarity = RARITIES[at % len(RARITIES)]
    looks = Looks(rng.random() < 0.3, rng.random() < 0.3, seal=rng.random() < 0.85)
    document = make_rare_document(rng, find_fonts(), rarity, looks, rng.choice((200, 200, 300)))
    variant = rng.choice(("clean", "office", "office", "office", "noisy", "skewed", "jpeg"))
    noise = np.random.default_rng(rng.getrandbits(64))
    pages = tuple(damage_page(page, variant, noise) for page in document.pages)
    return rarity, RenderedDocument(document.record_type, pages, document.fields)


def make_generated(seed: int, at: int) -> tuple[str, RenderedDocument]:
    """Document `at` of a seed as scanned, with its group: state, party or personal."""
    rng, fonts = Random(f"{seed}/{at}"), find_fonts()
    dpi, group, turn = rng.choice((200, 200, 300)), ("state", "party", "state", "party", "personal")[at % 5], at // 5
    if group == "personal":
        document = make_person_paper(rng, fonts, turn, choose_looks(rng), dpi)
    else:
        types = STATE_TYPES if group == "state" else PARTY_TYPES
        code = types[(2 * turn + (at % 5 > 1)) % len(types)][1]
        document = make_document(rng, fonts, "state" if group == "state" else "party", code, choose_looks(rng), dpi)
    rare = ("skewed", "noisy", "yellowed", "borders", "shadow", "jpeg", "turned_90", "bleed_through")
    variant = rng.choice(("clean", "clean", *("office",) * 5, *(rng.choice(rare) for _ in range(3))))
    noise = np.random.default_rng(rng.getrandbits(64))
    pages = tuple(damage_page(page, variant, noise) for page in document.pages)
    return group, RenderedDocument(document.record_type, pages, document.fields)


@dataclass(frozen=True)
class Generated:
    """A generated document as it was read. scans: a JPEG a page."""

    name: str
    group: str
    record_type: str
    truth: Truth
    scans: tuple[bytes, ...]
    pages: tuple[RecognizedPage, ...]


def read_generated(at: int, seed: int, kept_at: Path | None, rare: bool = False) -> Generated:
    """Makes and reads document `at` of the seed, or takes it from where it was kept."""
    kept = kept_at / f"{'rare_' * rare}{seed}_{at}.generated" if kept_at else None
    if kept and kept.exists():
        found: Generated = pickle.loads(kept.read_bytes())
        return found
    group, document = (make_rare if rare else make_generated)(seed, at)
    scans = tuple(encode_jpeg(page, 90) for page in document.pages)
    pages = tuple(
        open_reader().read(load_page_image(scan, max_pixels=MAX_PIXELS), number) for number, scan in enumerate(scans, 1)
    )
    printed = {code: word for word, code in (SEXES | RETENTIONS).items()}
    truth = {k: printed.get(str(v), v) if k in ("sex", "retention") else v for k, v in document.fields.items()}
    found = Generated(f"{seed}/{at} {group} {document.record_type}", group, document.record_type, truth, scans, pages)
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found
