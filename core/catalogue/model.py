"""The data dictionary: record types with their labels and fields, code lists, compositions of files.

Everything here is frozen: a record keeps the version of the dictionary that it was made with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.catalogue.terms import TermSeries
from core.errors import ManifestMismatch, NotFound
from core.labels import Secrecy, Sensitivity
from core.words import parse_secrecy, parse_sensitivity

Level = TypeVar("Level", Secrecy, Sensitivity)


def _level(parse: Callable[[str], Level]) -> Callable[[object], object]:
    """Lets the data say a level by its Vietnamese word."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return parse(value)
        except ManifestMismatch as error:
            raise ValueError(str(error)) from error

    return read


SecrecyLevel = Annotated[Secrecy, BeforeValidator(_level(parse_secrecy))]
SensitivityLevel = Annotated[Sensitivity, BeforeValidator(_level(parse_sensitivity))]


class FieldKind(StrEnum):
    """What a field holds: decides how its value is normalised, checked, masked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    PERSON_NAME = "person_name"
    ADDRESS = "address"
    SYMBOL = "symbol"
    """Ký hiệu: `QĐ/TW`; no spaces around its dashes and slashes."""
    DATE = "date"
    BIRTH_DATE = "birth_date"
    INTEGER = "integer"
    CODE = "code"
    """A code of the list that the rule names."""
    LIST = "list"
    """Several texts, one a line."""
    CITIZEN_NUMBER = "citizen_number"
    PARTY_CARD = "party_card"
    PHONE = "phone"

    @property
    def is_date(self) -> bool:
        return self in (FieldKind.DATE, FieldKind.BIRTH_DATE)


class AccessRight(StrEnum):
    """Quyền truy cập: whom the type, or a field, is meant for. `core.labels.permits` decides about documents."""

    UNIT = "unit"
    """People with a role in the unit or above it."""
    NAMED_PEOPLE = "named_people"
    """Only people named one by one."""


class Protection(StrEnum):
    """Mức bảo vệ."""

    ORDINARY = "ordinary"
    PERSONAL_DATA = "personal_data"
    """Personal values are shown masked; unmasking takes a right and a reason."""
    NAMED_PEOPLE = "named_people"
    """The same, and no export."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldRule(_Frozen):
    """A field of a record type. `pattern` is a regular expression that the whole value matches."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    kind: FieldKind
    required: bool = False
    descriptive: bool = False
    """Descriptive data (dữ liệu chỉ mục); else structured data (dữ liệu cấu trúc)."""
    missing_reason_allowed: bool = False
    """A required value may be missing in old files, with a recorded reason."""
    partial_allowed: bool = False
    """A date may be a year, or a month of a year."""
    code_list: str | None = None
    max_length: int = Field(default=300, gt=0)
    """Characters of the value; of each item in a list."""
    minimum: int | None = None
    maximum: int | None = None
    pattern: str = ""
    secrecy: SecrecyLevel = Secrecy.THUONG
    sensitivity: SensitivityLevel = Sensitivity.PUBLIC
    """Of the field alone; the document's own label holds beside it."""
    access: AccessRight = AccessRight.UNIT
    """Who, of those who may read the document, reads the field: `named_people` are those who work on it alone."""
    owner: str = Field(min_length=1)
    """Who answers for the value."""
    origin: str = Field(min_length=1)
    """Where the value comes from."""
    update_frequency: str = Field(min_length=1)
    help: str = ""
    """What is expected, in Vietnamese, shown beside the field and in its errors."""


class Labels(_Frozen):
    """The five mandatory labels of a record type. `retention`: a code of the list `maintenance`."""

    secrecy: SecrecyLevel
    sensitivity: SensitivityLevel
    access: AccessRight
    retention: str
    protection: Protection


class OrderRule(_Frozen):
    """`earlier` + `years` <= `later`, over two date fields."""

    earlier: str
    later: str
    years: int = Field(default=0, ge=0)


class RecordType(_Frozen):
    """A kind of document. `type_codes`: the document type codes by which it may be recognized."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    form: Literal["state", "party", "other"]
    type_codes: tuple[str, ...] = ()
    labels: Labels
    fields: tuple[FieldRule, ...] = Field(min_length=1)
    rules: tuple[OrderRule, ...] = ()

    @cached_property
    def _by_name(self) -> dict[str, FieldRule]:
        return {rule.name: rule for rule in self.fields}

    def has_field(self, name: str) -> bool:
        return name in self._by_name

    def field(self, name: str) -> FieldRule:
        """The field of that name. Raises NotFound."""
        if name not in self._by_name:
            raise NotFound(f"The record type '{self.code}' has no field '{name}'.", "Use a field of the dictionary.")
        return self._by_name[name]


class PersonFact(_Frozen):
    """Something that several documents of a person's file say of the person: entered once, it is reused in the others.

    It is said by the field of its own name in whatever record type has one, and by the fields in `also`.
    """

    fact: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    also: tuple[str, ...] = ()
    """Fields of another name, each as `record_type.field`."""
    changes: bool = False
    """May rightly differ from document to document, as the cell does; else two that differ contradict each other."""

    def is_said_by(self, record_type: str, field: str) -> bool:
        """Whether this field of this record type says it."""
        return f"{record_type}.{field}" in self.also or field == self.fact


class Composition(_Frozen):
    """Thành phần hồ sơ: the record types that a kind of file must and may hold.

    `person`: for a file about one person, what its documents say of that person.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    person: tuple[PersonFact, ...] = ()

    def fact_of(self, record_type: str, field: str) -> PersonFact | None:
        """What this field says of the person; None if nothing that is shared."""
        return next((one for one in self.person if one.is_said_by(record_type, field)), None)


class CodeList(_Frozen):
    """A code list: `values` maps each code, as it is stored, to the label that people see.

    `map` says, for some or all codes, which code of the list `maps_to` they are there: the successor of an abolished
    province, the type of a document in an exchange format.
    """

    code: str
    title: str = Field(min_length=1)
    title_en: str = ""
    values: Mapping[str, str] = Field(min_length=1)
    maps_to: str = ""
    map: Mapping[str, str] = Field(default_factory=dict)


class Dictionary(_Frozen):
    """One version of the whole data dictionary."""

    version: str = Field(min_length=1, max_length=20)
    record_types: tuple[RecordType, ...]
    compositions: tuple[Composition, ...]
    code_lists: tuple[CodeList, ...]
    party_terms: tuple[TermSeries, ...] = ()

    @cached_property
    def _record_types(self) -> dict[str, RecordType]:
        return {one.code: one for one in self.record_types}

    @cached_property
    def _compositions(self) -> dict[str, Composition]:
        return {one.code: one for one in self.compositions}

    @cached_property
    def _code_lists(self) -> dict[str, CodeList]:
        return {one.code: one for one in self.code_lists}

    def has_record_type(self, code: str) -> bool:
        return code in self._record_types

    def record_type(self, code: str) -> RecordType:
        """Raises NotFound."""
        if code not in self._record_types:
            raise NotFound(f"There is no record type '{code}'.", f"Use one of: {', '.join(self._record_types)}.")
        return self._record_types[code]

    def composition(self, code: str) -> Composition:
        """Raises NotFound."""
        if code not in self._compositions:
            raise NotFound(f"There is no composition '{code}'.", f"Use one of: {', '.join(self._compositions)}.")
        return self._compositions[code]

    def code_list(self, code: str) -> CodeList:
        """Raises NotFound."""
        if code not in self._code_lists:
            raise NotFound(f"There is no code list '{code}'.", f"Use one of: {', '.join(self._code_lists)}.")
        return self._code_lists[code]

    def party_term(self, series: str, day: date) -> str | None:
        """The term of office of this series that the day lies in; None where none is known."""
        return next((one.term_of(day) for one in self.party_terms if one.code == series), None)

    def field(self, record_type: str, name: str) -> FieldRule:
        """The rule of a record type's field. Raises NotFound."""
        return self.record_type(record_type).field(name)
