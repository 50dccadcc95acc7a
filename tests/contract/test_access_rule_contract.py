"""The SQL rendering of the access rule finds exactly what the rule permits."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.labels import Clearance, Grant, Role, Secrecy, Sensitivity, Visibility, permits
from storage.access import label_of, readable
from storage.tables import ArchivalFile, Document, Unit


@pytest.fixture(scope="module")
def records(tmp_path_factory, new_records):
    made = new_records(tmp_path_factory.mktemp("rule"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def documents(records, make_batch):
    """One document for every label in two units."""
    batch_id = make_batch(records)
    with records.writing() as session:
        other = Unit(code="X", name="X", level="commune")
        session.add(other)
        archival = ArchivalFile(batch_id=batch_id, fonds="F", series_list="1", box="1", code="1", title="")
        session.add(archival)
        session.flush()
        own = session.scalars(select(Unit).where(Unit.code == "VPTU")).one()
        labels = itertools.product((own.id, other.id), Secrecy, Sensitivity, Visibility)
        for ordinal, (unit_id, secrecy, sensitivity, visibility) in enumerate(labels, start=1):
            session.add(
                Document(
                    batch_id=batch_id,
                    archival_file_id=archival.id,
                    ordinal=ordinal,
                    unit_id=unit_id,
                    secrecy=int(secrecy),
                    sensitivity=int(sensitivity),
                    visibility=visibility,
                )
            )
    with records.reading() as session:
        return {document.id: label_of(document) for document in session.scalars(select(Document))}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_renderings_agree_on_every_label(records, documents, data):
    units = sorted({label.unit_id for label in documents.values()})
    grants = data.draw(
        st.lists(st.builds(Grant, st.sampled_from(Role), st.frozensets(st.sampled_from(units))), max_size=4)
    )
    clearance = Clearance(
        "u", tuple(grants), data.draw(st.sampled_from(Secrecy)), data.draw(st.sampled_from(Sensitivity))
    )
    with records.reading() as session:
        found = set(session.scalars(select(Document.id).where(readable(clearance))))
    assert found == {document_id for document_id, label in documents.items() if permits(clearance, label)}
