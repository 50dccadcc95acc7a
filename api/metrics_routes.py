"""`/metrics`, for Prometheus: to programs on this machine, or to whoever shows the token. To others it is not there."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.metrics import Metrics
from api.visitors import ServiceDep, bearer_secret
from core.errors import NotFound
from core.secret_files import read_secret
from core.settings import Settings

router = APIRouter(tags=["health"])

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""A proxy on this machine passes on what comes from elsewhere."""


@router.get("/metrics", include_in_schema=False)
def show_metrics(request: Request, service: ServiceDep) -> Response:
    """The metrics as text."""
    if not may_read_metrics(request, service.settings):
        raise NotFound("There is nothing at this address.")
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: Request, settings: Settings) -> bool:
    """With a token file, only its token opens. Without one, a request made on this machine. Raises SettingsError."""
    if settings.metrics_token_file:
        token = read_secret("SOHOA_METRICS_TOKEN_FILE", settings.metrics_token_file)
        return hmac.compare_digest(token.encode(), (bearer_secret(request) or "").encode())
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
