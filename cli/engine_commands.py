"""`sohoa engines`: which engines can read here, and what is missing for the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from core.settings import load_settings
from flow.read import engine_options
from ocr.engines.registry import EngineStatus, survey_engines


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each engine.")
def engines(as_json: bool) -> None:
    """Lists the OCR engines: usable or why not, version, alphabet, device, models with their SHA-256."""
    settings = load_settings()
    for status in survey_engines(engine_options(settings)):
        if as_json:
            click.echo(json.dumps({**asdict(status), "chosen": status.engine == settings.engine}, ensure_ascii=False))
        else:
            for line in _describe(status, chosen=status.engine == settings.engine):
                click.echo(line)


def _describe(status: EngineStatus, *, chosen: bool) -> Iterator[str]:
    mark = "*" if chosen else " "
    if not status.usable:
        yield f"{mark} {status.engine}: not usable. {status.reason} {status.advice}"
        return
    yield f"{mark} {status.engine}: usable, {status.version}, on {status.device}"
    missing = f"lacks {status.missing}" if status.missing else "all 134 Vietnamese letters"
    yield f"    writes {status.letters} characters, {missing}"
    for model in status.models:
        yield f"    {model.name} sha256:{model.sha256}"
