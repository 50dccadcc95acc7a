"""`sohoa sign-in`, `sohoa batch`, `sohoa search`: they ask the API with the caller's own token, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import click

from cli.remote import Remote, keep_token

_SERVER = click.option("--server", envvar="SOHOA_SERVER", default="http://127.0.0.1:8400", show_default=True)
_JSON = click.option("--json", "as_json", is_flag=True, help="The API's answer as JSON.")


def _show(content: Any, as_json: bool, line: str) -> None:
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else line)


@click.command("sign-in")
@_SERVER
@click.argument("username")
@click.option("--password", prompt=True, hide_input=True)
def sign_in(server: str, username: str, password: str) -> None:
    """Signs in and keeps the token in your own folder, for the commands that ask the service."""
    answer = Remote(server, token=None).post("/api/v1/sign-in", {"username": username, "password": password})
    path = keep_token(server, answer["token"])
    click.echo(f"Signed in as {answer['name']}; token in {path}.", err=True)


@click.group()
def batch() -> None:
    """Batches: open, seal, list, show."""


@batch.command("open")
@_SERVER
@_JSON
@click.argument("code")
@click.option("--catalogue", required=True, help="Code of the approved catalogue entry.")
@click.option("--title", default="")
@click.option("--secrecy", default="thường", show_default=True, help="Highest secrecy its documents are declared with.")
@click.option("--station", help="The one station that may send to it.")
def open_batch(
    server: str, as_json: bool, code: str, catalogue: str, title: str, secrecy: str, station: str | None
) -> None:
    """Opens a batch under an approved catalogue entry with its named owners."""
    wanted = {"code": code, "catalogue": catalogue, "title": title, "secrecy": secrecy, "station": station}
    answer = Remote(server).post("/api/v1/batches", wanted)
    _show(answer, as_json, f"{answer['code']}: {answer['state']}")


@batch.command("seal")
@_SERVER
@_JSON
@click.argument("code")
def seal(server: str, as_json: bool, code: str) -> None:
    """Seals a batch whose files have all arrived, and shows its signed receipt."""
    answer = Remote(server).post(f"/api/v1/batches/{code}/seal", {})
    _show(answer, as_json, f"{code}: sealed, {len(answer['receipt']['receipt']['files'])} files in the receipt")


@batch.command("list")
@_SERVER
@_JSON
def list_batches(server: str, as_json: bool) -> None:
    """The batches that you may see."""
    answer = Remote(server).get("/api/v1/batches")
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in answer:
        click.echo(f"{one['code']:24} {one['state']:12} {one['title']}")


@batch.command("show")
@_SERVER
@_JSON
@click.argument("code")
def show(server: str, as_json: bool, code: str) -> None:
    """One batch: state, files, pages, what is missing."""
    answer = Remote(server).get(f"/api/v1/batches/{code}")
    _show(answer, as_json, json.dumps(answer, ensure_ascii=False, indent=1))


@click.command()
@_SERVER
@_JSON
@click.argument("text")
@click.option("--type", "type_code", help="Only this document type, for example QĐ.")
@click.option("--issuer")
@click.option("--year", type=int)
@click.option("--page", type=click.IntRange(1), default=1)
def search(
    server: str, as_json: bool, text: str, type_code: str | None, issuer: str | None, year: int | None, page: int
) -> None:
    """Searches what you are cleared to see."""
    wanted = {"q": text, "type_code": type_code, "issuer": issuer, "year": year, "page": page}
    answer = Remote(server).get("/api/v1/search", {name: value for name, value in wanted.items() if value is not None})
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"{answer['total']} documents", err=True)
    for hit in answer["hits"]:
        click.echo(f"{hit['number_symbol'] or '-':20} {hit['issued_on'] or '':10} {hit['title']}")
        for snippet in hit["snippets"][:1]:
            click.echo("    " + " ".join(snippet["text"].split()))
