"""The one access rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.labels import (
    READERS,
    AccessLabel,
    Clearance,
    Grant,
    Role,
    Secrecy,
    Sensitivity,
    Visibility,
    permits,
)

UNITS = ("a", "b", "c")
labels = st.builds(
    AccessLabel,
    st.sampled_from(UNITS),
    st.sampled_from(Secrecy),
    st.sampled_from(Sensitivity),
    st.sampled_from(Visibility),
)
grants = st.builds(Grant, st.sampled_from(Role), st.frozensets(st.sampled_from(UNITS)))
clearances = st.builds(
    Clearance,
    st.just("u"),
    st.lists(grants, max_size=4).map(tuple),
    st.sampled_from(Secrecy),
    st.sampled_from(Sensitivity),
)


def clearance(role, units=("a",), secrecy=Secrecy.THUONG, sensitivity=Sensitivity.PERSONAL_SENSITIVE):
    return Clearance("u", (Grant(role, frozenset(units)),), secrecy, sensitivity)


@given(labels, clearances)
def test_nothing_is_read_without_clearance_or_label(label, held):
    assert not permits(None, label)
    assert not permits(held, None)
    assert not permits(Clearance("u", (), Secrecy.TUYET_MAT, Sensitivity.PERSONAL_SENSITIVE), label)


@given(labels, clearances, st.sampled_from(Role))
def test_losing_a_role_never_opens_anything(label, held, role):
    fewer = Clearance("u", tuple(g for g in held.grants if g.role is not role), held.secrecy, held.sensitivity)
    assert permits(held, label) or not permits(fewer, label)


@given(labels, clearances)
def test_a_higher_label_is_never_read_by_more(label, held):
    for higher in Secrecy:
        if higher > label.secrecy and label.visibility is not Visibility.WITHHELD:
            raised = AccessLabel(label.unit_id, higher, label.sensitivity, label.visibility)
            assert permits(held, label) or not permits(held, raised)


@pytest.mark.parametrize(
    ("role", "visibility", "allowed"),
    [
        (Role.SEARCHER, Visibility.PUBLISHED, True),
        (Role.SEARCHER, Visibility.UNPUBLISHED, False),
        (Role.DATA_ENTRY, Visibility.UNPUBLISHED, True),
        (Role.REVIEWER, Visibility.WITHHELD, False),
        (Role.SECURITY_OFFICER, Visibility.WITHHELD, True),
        (Role.SECURITY_OFFICER, Visibility.PUBLISHED, False),
        (Role.ADMINISTRATOR, Visibility.PUBLISHED, False),
        (Role.AUDITOR, Visibility.PUBLISHED, False),
        (Role.AUDITOR, Visibility.UNPUBLISHED, False),
    ],
)
def test_who_reads_what_stage(role, visibility, allowed):
    label = AccessLabel("a", Secrecy.THUONG, Sensitivity.PUBLIC, visibility)
    assert permits(clearance(role), label) is allowed


def test_nobody_reads_what_is_gone():
    assert READERS[Visibility.GONE] == frozenset()
    for role in Role:
        assert not permits(clearance(role), AccessLabel("a", Secrecy.THUONG, Sensitivity.PUBLIC, Visibility.GONE))


def test_both_ceilings_hold():
    label = AccessLabel("a", Secrecy.MAT, Sensitivity.PERSONAL, Visibility.PUBLISHED)
    assert not permits(clearance(Role.SEARCHER, secrecy=Secrecy.THUONG), label)
    assert permits(clearance(Role.SEARCHER, secrecy=Secrecy.MAT), label)
    low = clearance(Role.SEARCHER, secrecy=Secrecy.MAT, sensitivity=Sensitivity.RESTRICTED)
    assert not permits(low, label)
