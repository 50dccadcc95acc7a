"""Dockerfiles, as far as the tests ask of them: stages and their instructions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_LINE = re.compile(r"^([A-Z]+)\s+(.*)$", re.DOTALL)
KNOWN = frozenset(
    {"ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "RUN", "USER", "VOLUME", "WORKDIR", "LABEL", "ADD"}
)


@dataclass(frozen=True)
class Instruction:
    name: str
    rest: str


@dataclass
class Stage:
    """From one FROM to the next. `base`: an image, or the name of an earlier stage."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [one.rest for one in self.instructions if one.name == name]


def parse_dockerfile(path: Path) -> list[Stage]:
    """The stages of a Dockerfile. Raises ValueError for a line that is no instruction."""
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    stages: list[Stage] = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        found = _LINE.match(line)
        if found is None or found[1] not in KNOWN:
            raise ValueError(f"{path.name}: '{line}' is no instruction")
        if found[1] == "FROM":
            base, _, name = found[2].partition(" AS ")
            stages.append(Stage(base.strip(), name.strip()))
        elif stages:
            stages[-1].instructions.append(Instruction(found[1], found[2]))
    return stages
