"""OpenAPI 3.1, made of the table: bodies and answers are described by pydantic. And a page to read, with no script."""

import re
from functools import cache
from html import escape
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import TypeAdapter

from formats.writing import WRITERS
from web.api.endpoint import ROOT, Endpoint, Way
from web.api.table import ENDPOINTS

REFERENCES = "#/components/schemas/{model}"
FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
TITLE = "Pouce"
INTRODUCTION = (
    "Paid micro-tasks for people. Amounts in answers are integers, millionths of the currency; moments are milliseconds"
    " since 1970. A POST with the header Idempotency-Key is done once, however often it is sent."
)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
    },
}
MEANINGS = {
    "401": "No key, or none that works.",
    "402": "Money is missing.",
    "403": "The key, or its owner, may not.",
    "404": "It is not there, or not yours.",
    "405": "Asked otherwise.",
    "409": "Not as things stand.",
    "413": "Too large.",
    "415": "Not JSON.",
    "422": "What was sent cannot be used.",
    "429": "Too many requests.",
}
NAME = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
    "description": "A name of this request: sent again, it is answered again and done once. Kept for ever.",
}


@cache
def described() -> dict[str, Any]:
    kinds = [(each, mode, TypeAdapter(kind)) for each, mode, kind in _kinds()]
    schemas, defined = TypeAdapter.json_schemas(kinds, ref_template=REFERENCES)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        found = {mode: schemas.get((endpoint.name, mode)) for mode in ("validation", "serialization")}
        paths.setdefault(ROOT + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, found)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": INTRODUCTION},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "/apikey makes one."}},
            "schemas": {**defined.get("$defs", {}), "Problem": PROBLEM},
        },
    }


def _kinds() -> list[tuple[str, Any, Any]]:
    bodies = [(each.name, "validation", each.body) for each in ENDPOINTS if each.body]
    return bodies + [(each.name, "serialization", each.answers) for each in ENDPOINTS if each.answers]


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [_in_path(name) for name in re.findall(r"{(\w+)}", endpoint.path)] + _in_query(endpoint)
    told: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.means,
        "description": f"The key needs the scope {endpoint.scope.value}.",
        "tags": [endpoint.tag],
        "parameters": [*parameters, NAME] if endpoint.method == "POST" else parameters,
        "responses": {str(endpoint.status): _answer(endpoint, schemas["serialization"]), **_problems(endpoint)},
    }
    if endpoint.body:
        told["requestBody"] = {"required": True, "content": _content(endpoint, schemas["validation"])}
    return told


def _in_path(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    properties = endpoint.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _answer(endpoint: Endpoint, schema: Any) -> dict[str, Any]:
    if endpoint.way is Way.FILE:
        kinds = dict.fromkeys(writer.mime for writer in WRITERS.values())
        return {"description": "The file.", "content": {kind: {"schema": FILE} for kind in kinds}}
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _content(endpoint: Endpoint, schema: Any) -> dict[str, Any]:
    json = {"application/json": {"schema": schema}}
    if endpoint.way is not Way.UPLOAD:
        return json
    form = {"type": "object", "required": ["file"], "properties": {"file": FILE}}
    return {**json, "multipart/form-data": {"schema": form}}


def _problems(endpoint: Endpoint) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    skipped = {"402", "409", "413", "415"} if endpoint.reads else set()
    told = {status: text for status, text in MEANINGS.items() if status not in skipped}
    described = {status: {"description": text, "content": content} for status, text in told.items()}
    plain = {**content, "text/plain": {"schema": {"type": "string"}}}
    return {**described, "400": {"description": "No HTTP, or no UTF-8, or a line of it is too long.", "content": plain}}


async def document(_: web.Request) -> web.Response:
    return web.Response(body=_written(), content_type="application/json", headers={hdrs.CACHE_CONTROL: "max-age=300"})


@cache
def _written() -> bytes:
    return orjson.dumps(described(), option=orjson.OPT_INDENT_2)


async def page(_: web.Request) -> web.Response:
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        hdrs.CACHE_CONTROL: "max-age=300",
    }
    return web.Response(text=_page(), content_type="text/html", headers=headers)


@cache
def _page() -> str:
    rows = "".join(map(_row, ENDPOINTS))
    style = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}pre{overflow:auto}"  # noqa: E501
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{TITLE}: the API</title><style>{style}</style><h1>{TITLE}: the API</h1><p>{escape(INTRODUCTION)}</p>"
        f"<p>Send <code>Authorization: Bearer KEY</code>; the bot’s <code>/apikey</code> makes a key. "
        f'<a href="{ROOT}/openapi.json">openapi.json</a> describes all of it to programs.</p>'
        f"<table><tr><th>request<th>scope<th>answers</tr>{rows}</table>"
    )


def _row(endpoint: Endpoint) -> str:
    sent = f"<details><summary>body</summary><pre>{_fields(endpoint)}</pre></details>" if endpoint.body else ""
    return (
        f"<tr><td><code>{endpoint.method} {ROOT}{endpoint.path}</code>{sent}<td>{endpoint.scope.value}"
        f"<td>{escape(endpoint.means)}</tr>"
    )


def _fields(endpoint: Endpoint) -> str:
    assert endpoint.body is not None  # noqa: S101 - asked of those that have one
    schema = endpoint.body.model_json_schema()
    return escape(orjson.dumps(schema["properties"], option=orjson.OPT_INDENT_2).decode())
