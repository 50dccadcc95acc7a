"""Whether the service lives, and whether it can work: for supervisors and load balancers; they tell nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from flow.health import HealthCheck

router = APIRouter(prefix="/health", tags=["health"])


class HealthAnswer(BaseModel):
    """`ok`; `degraded`: requests are served, some parts do not answer; `unavailable`: none can be served."""

    status: str
    parts: dict[str, str] = {}


@router.get("/live")
def show_live() -> HealthAnswer:
    """The process answers."""
    return HealthAnswer(status="ok")


@router.get("/ready")
def show_ready(request: Request, response: Response) -> HealthAnswer:
    """200 as long as requests can be served: the records and the objects answer. The body names what does not."""
    check: HealthCheck = request.app.state.health
    health = check.ask()
    parts = {part.value: "ok" if answers else "away" for part, answers in sorted(health.answers.items())}
    if not health.ready:
        response.status_code = 503
        return HealthAnswer(status="unavailable", parts=parts)
    return HealthAnswer(status="ok" if health.whole else "degraded", parts=parts)
