"""Whether the service lives, and whether it can work: for supervisors and load balancers; they tell nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.visitors import ServiceDep

router = APIRouter(prefix="/health", tags=["health"])


class HealthAnswer(BaseModel):
    """`ok`, or the part that does not answer."""

    status: str


@router.get("/live")
def show_live() -> HealthAnswer:
    """The process answers."""
    return HealthAnswer(status="ok")


@router.get("/ready")
def show_ready(service: ServiceDep, response: Response) -> HealthAnswer:
    """The records answer too."""
    try:
        with service.records.reading() as session:
            session.execute(text("SELECT 1 FROM users LIMIT 1"))
    except SQLAlchemyError:
        response.status_code = 503
        return HealthAnswer(status="records")
    return HealthAnswer(status="ok")
