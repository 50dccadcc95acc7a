"""The web application: routes, errors, headers, static files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Depends, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from api import (
    batch_pages,
    batch_routes,
    catalogue_pages,
    catalogue_routes,
    compare_pages,
    dictionary_pages,
    dictionary_routes,
    document_pages,
    document_routes,
    health_routes,
    image_routes,
    log_routes,
    metrics_routes,
    quality_routes,
    register_routes,
    search_pages,
    search_routes,
    session_pages,
    session_routes,
    station_routes,
    work_pages,
)
from api.errors import install_error_handlers
from api.messages import WEB
from api.metrics import make_metrics
from api.observing import Observing, bind_ids
from core.logs import configure_logging
from core.settings import Settings, load_settings
from flow.dispatch import Dispatcher
from flow.health import HealthCheck, make_probes
from flow.service import Service, open_service
from flow.tracing import NO_TRACING, Tracing, open_tracing

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
_ROUTERS = (
    health_routes.router,
    metrics_routes.router,
    station_routes.router,
    session_routes.router,
    batch_routes.router,
    register_routes.router,
    document_routes.router,
    image_routes.router,
    catalogue_routes.router,
    dictionary_routes.router,
    search_routes.router,
    log_routes.router,
    quality_routes.router,
    session_pages.router,
    register_routes.pages,
    batch_pages.router,
    work_pages.router,
    document_pages.router,
    catalogue_pages.router,
    dictionary_pages.router,
    compare_pages.router,
    search_pages.router,
    log_routes.pages,
    quality_routes.pages,
)


def create_app(service: Service, dispatcher: Dispatcher | None = None, tracing: Tracing = NO_TRACING) -> FastAPI:
    """The application over an open service. dispatcher: the one that it announces jobs by."""
    app = FastAPI(
        title="sohoa",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        dependencies=[Depends(bind_ids)],
    )
    app.state.service = service
    app.state.health = HealthCheck(make_probes(service, dispatcher))
    app.state.metrics = make_metrics(service)
    app.middleware("http")(_add_headers)
    # The last to be added is the first that a request meets.
    app.add_middleware(Observing, metrics=app.state.metrics, tracing=tracing)
    install_error_handlers(app)
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
    return app


async def _add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if not request.url.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def serve_settings(settings: Settings) -> FastAPI:
    """The application with everything it needs opened."""
    dispatcher = Dispatcher(settings)
    tracing = open_tracing(settings, "api")
    return create_app(open_service(settings, dispatcher.announce), dispatcher, tracing)


def create() -> FastAPI:
    """Entry point for the web server, in its own process."""
    settings = load_settings()
    configure_logging(settings)
    return serve_settings(settings)
