"""Forms of the pages. Whoever takes one through `FormDep` has its CSRF token checked already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from api.visitors import CSRF_FIELD, VisitorDep, require_csrf
from core.errors import InvalidValue
from people.persons import Person

ModelT = TypeVar("ModelT", bound=BaseModel)
_MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class PostedForm:
    """What a signed-in person sent from one of our pages."""

    person: Person
    fields: FormData

    def text(self, name: str) -> str:
        """The field's text without spaces around it; empty where it is missing."""
        value = self.fields.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    def read(self, model: type[ModelT]) -> ModelT:
        """The fields as a request body; empty ones count as not given. Raises InvalidValue."""
        given: dict[str, Any] = {name: self.text(name) for name in model.model_fields if self.text(name)}
        try:
            return model.model_validate(given)
        except ValidationError as error:
            faults = tuple((".".join(map(str, one["loc"])), one["msg"]) for one in error.errors())
            raise InvalidValue("The form is not filled in rightly.", "Look at it again.", faults) from error


async def read_form(request: Request, visitor: VisitorDep) -> PostedForm:
    """The form that was posted. Raises Forbidden unless it carries the CSRF token of the visitor's sign-in."""
    fields = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    token = fields.get(CSRF_FIELD, "")
    require_csrf(visitor, token if isinstance(token, str) else "")
    return PostedForm(visitor.person, fields)


FormDep = Annotated[PostedForm, Depends(read_form)]
