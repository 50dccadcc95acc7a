"""OpenSearch behind TLS and a password, with the rights that deploy/opensearch gives: who gets in, and how far.

That the service may do all it does there is the search contract's to say, which runs on it too.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from core.errors import SearchUnavailable
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.connection import Access, Connection
from tests.search_backends import secured_access
from tests.search_records import find
from tests.servers import find_servers

SERVERS = find_servers()
assert SERVERS is not None
ACCESS = secured_access(SERVERS)


def refusal_of(access: Access) -> SearchUnavailable:
    with closing(OpenSearchBackend(access, "sohoa", shards=1, replicas=0)) as backend:
        with pytest.raises(SearchUnavailable) as refused:
            find(backend, "đất")
        return refused.value


def test_who_brings_a_wrong_password_is_told_which_settings_to_look_at() -> None:
    refused = refusal_of(replace(ACCESS, password="wrong"))
    assert "SOHOA_SEARCH_PASSWORD_FILE" in refused.advice


def test_a_certificate_that_nobody_vouches_for_is_not_trusted() -> None:
    refused = refusal_of(replace(ACCESS, ca=""))
    assert "SOHOA_SEARCH_CA" in refused.advice


def test_the_service_has_no_right_to_other_indexes() -> None:
    with closing(Connection(ACCESS)) as connection, pytest.raises(SearchUnavailable, match="403"):
        connection.request("PUT", "/payroll")
