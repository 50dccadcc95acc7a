"""A paper of every record type about persons, made, scanned, read and described."""

from __future__ import annotations

from benchmarks.describing import SURE
from benchmarks.describing_forms import measure_papers, read_paper, total
from synthesis.any_personal import PERSONAL_KINDS


def test_every_kind_of_paper_about_persons() -> None:
    """Fixed documents, one of each kind: types, printed values, values by pen, and what is surely said."""
    tally = measure_papers(read_paper(at, 7, None) for at in range(len(PERSONAL_KINDS)))
    printed, pen = total(tally.printed.values()), total(tally.pen.values())
    assert [(true, said) for true, said, _ in tally.types if true != said] == []
    assert 2 * printed.right / (printed.found + printed.wanted) >= 0.97, tally.errors
    assert pen.right / max(1, pen.wanted) >= 0.9, tally.errors
    assert (printed.sure_wrong, pen.sure_wrong) == (0, 0), tally.errors
    assert printed.sure / printed.wanted >= 0.8
    assert min(sure for _, _, sure in tally.types) >= 0.7
    assert sum(sure >= SURE for _, _, sure in tally.types) / len(tally.types) >= 0.6
