"""The alert rules: of the right form, over metrics that there are, and each explained to the person who gets it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from api.metrics import Metrics, _families
from core.stages import Queue, Stage
from core.states import JobState, PageState
from flow.measures import BUCKETS, IndexLag, Measures, StageRun, Waiting

ROOT = Path(__file__).resolve().parents[3]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Rule(_Strict):
    alert: Annotated[str, Field(pattern=r"^Sohoa[A-Z][A-Za-z]+$")]
    expr: str
    wait: Annotated[str, Field(alias="for", pattern=r"^\d+m$")] = "0m"
    labels: dict[Literal["severity"], Literal["page", "ticket"]]
    annotations: dict[Literal["summary"], str]


class Group(_Strict):
    name: str
    rules: list[Rule]


class Alerts(_Strict):
    groups: list[Group]


def rules() -> list[Rule]:
    content = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))
    return [rule for group in Alerts.model_validate(content).groups for rule in group.rules]


def samples() -> dict[str, set[str]]:
    """The samples that the service gives, with the names of their labels."""
    measures = Measures(
        waiting=(Waiting(Queue.LIGHT, JobState.READY, 1),),
        oldest_seconds={Queue.LIGHT: 1.0},
        parked={Stage.READ: 1},
        runs=(StageRun(Stage.READ, JobState.DONE, tuple(range(len(BUCKETS))), 9, 1.0),),
        lag=IndexLag(1, 1.0),
        pages={PageState.PUBLISHED: 1},
        failed_pages=1,
        withheld=1,
        workers={Queue.LIGHT: 1},
        sweep_seconds=1.0,
    )
    metrics = Metrics()
    metrics.note_request("GET", "/search", 200, 0.1, 0)
    made = [*_families(measures), *metrics.registry.collect()]
    found: dict[str, set[str]] = {"up": {"job"}, "sohoa_records_up": set()}
    for family in made:
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_rule_is_over_metrics_and_labels_that_there_are() -> None:
    known = samples()
    for rule in rules():
        named = re.findall(r"\b(up|sohoa_[a-z_]+)(?:\{([^}]*)\})?", rule.expr)
        assert named, rule.alert
        for metric, matchers in named:
            assert metric in known, (rule.alert, metric)
            assert set(re.findall(r"([a-z]+)(?:=~|!=|=)\"", matchers)) <= known[metric] | {"le"}, rule.alert


def test_parentheses_and_quotes_are_closed() -> None:
    for rule in rules():
        assert rule.expr.count("(") == rule.expr.count(")"), rule.alert
        assert rule.expr.count('"') % 2 == 0, rule.alert
        assert re.search(r"(>|==|<) ?[\d.]+\)?\s*$", rule.expr), rule.alert


def test_names_are_used_once_and_each_is_explained() -> None:
    names = [rule.alert for rule in rules()]
    assert len(set(names)) == len(names)
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    told = re.findall(r"^\| `(Sohoa\w+)` \|", page, re.MULTILINE)
    assert sorted(told) == sorted(names)
