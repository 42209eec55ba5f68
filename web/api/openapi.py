"""OpenAPI 3.1, generated from the table of endpoints: pydantic describes bodies and answers. And a page to read,
without scripts."""

import re
from functools import cache
from html import escape
from typing import Any

import orjson
from aiohttp import hdrs, web
from pydantic import TypeAdapter

from formats.writing import WRITERS
from web.api.endpoint import ROOT, AnswerWay, Endpoint
from web.api.table import ENDPOINTS

REFERENCES = "#/components/schemas/{model}"
FILE_SCHEMA = {"type": "string", "contentMediaType": "application/octet-stream"}
JSON_TYPE = "application/json"
MEDIA_KINDS = ("image/*", "audio/*", "video/*")
TITLE = "Pouce"
INTRODUCTION = (
    "Paid micro-tasks for people. Amounts in answers are integers, millionths of the currency; moments are milliseconds"
    " since 1970. A POST with the header Idempotency-Key is done once, however often it is sent."
)
PROBLEM_SCHEMA = {
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
MEANING_BY_STATUS = {
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
IDEMPOTENCY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
    "description": "A name of this request: sent again, it is answered again and done once. Kept for ever.",
}


@cache
def describe_api() -> dict[str, Any]:
    """Return the OpenAPI document."""
    kinds = [(operation, mode, TypeAdapter(kind)) for operation, mode, kind in _model_types()]
    schemas, definitions = TypeAdapter.json_schemas(kinds, ref_template=REFERENCES)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        endpoint_schemas = {mode: schemas.get((endpoint.name, mode)) for mode in ("validation", "serialization")}
        paths.setdefault(ROOT + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, endpoint_schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": INTRODUCTION},
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "/apikey makes one."}},
            "schemas": {**definitions.get("$defs", {}), "Problem": PROBLEM_SCHEMA},
        },
    }


def _model_types() -> list[tuple[str, Any, Any]]:
    bodies = [(endpoint.name, "validation", endpoint.body) for endpoint in ENDPOINTS if endpoint.body]
    return bodies + [(endpoint.name, "serialization", endpoint.answers) for endpoint in ENDPOINTS if endpoint.answers]


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [_path_parameter(name) for name in re.findall(r"{(\w+)}", endpoint.path)] + _query_parameters(endpoint)
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.means,
        "description": f"The key needs the scope {endpoint.scope.value}.",
        "tags": [endpoint.tag],
        "parameters": [*parameters, IDEMPOTENCY_PARAMETER] if endpoint.method == "POST" else parameters,
        "responses": {
            str(endpoint.status): _answer_schema(endpoint, schemas["serialization"]),
            **_problem_responses(endpoint),
        },
    }
    if endpoint.body:
        operation["requestBody"] = {"required": True, "content": _body_content(endpoint, schemas["validation"])}
    return operation


def _path_parameter(name: str) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    properties = endpoint.query.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "schema": schema} for name, schema in properties.items()]


def _answer_schema(endpoint: Endpoint, schema: Any) -> dict[str, Any]:
    if endpoint.way is AnswerWay.MEDIUM:
        return {"description": "The file.", "content": {kind: {"schema": FILE_SCHEMA} for kind in MEDIA_KINDS}}
    if endpoint.way is AnswerWay.FILE:
        kinds = [endpoint.mime] if endpoint.mime else [writer.mime for writer in WRITERS.values()]
        schema = {"type": "object"} if endpoint.mime == JSON_TYPE else FILE_SCHEMA
        return {"description": "The file.", "content": {kind: {"schema": schema} for kind in dict.fromkeys(kinds)}}
    return {"description": "Done.", "content": {"application/json": {"schema": schema}}}


def _body_content(endpoint: Endpoint, schema: Any) -> dict[str, Any]:
    json = {"application/json": {"schema": schema}}
    if endpoint.way is not AnswerWay.UPLOAD:
        return json
    form = {"type": "object", "required": ["file"], "properties": {"file": FILE_SCHEMA}}
    return {**json, "multipart/form-data": {"schema": form}}


def _problem_responses(endpoint: Endpoint) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    skipped = {"402", "413", "415"} if endpoint.reads else set()
    meanings = {status: text for status, text in MEANING_BY_STATUS.items() if status not in skipped}
    responses = {status: {"description": text, "content": content} for status, text in meanings.items()}
    plain_content = {**content, "text/plain": {"schema": {"type": "string"}}}
    return {
        **responses,
        "400": {"description": "No HTTP, or no UTF-8, or a line of it is too long.", "content": plain_content},
    }


async def show_document(_: web.Request) -> web.Response:
    return web.Response(
        body=_document_json(), content_type="application/json", headers={hdrs.CACHE_CONTROL: "max-age=300"}
    )


@cache
def _document_json() -> bytes:
    return orjson.dumps(describe_api(), option=orjson.OPT_INDENT_2)


async def show_page(_: web.Request) -> web.Response:
    headers = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        hdrs.CACHE_CONTROL: "max-age=300",
    }
    return web.Response(text=_page_html(), content_type="text/html", headers=headers)


@cache
def _page_html() -> str:
    rows = "".join(map(_table_row, ENDPOINTS))
    style = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{padding:.3rem .6rem .3rem 0;text-align:left;vertical-align:top}pre{overflow:auto}"  # noqa: E501
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{TITLE}: the API</title><style>{style}</style><h1>{TITLE}: the API</h1><p>{escape(INTRODUCTION)}</p>"
        f"<p>Send <code>Authorization: Bearer KEY</code>; the bot’s <code>/apikey</code> makes a key. "
        f'<a href="{ROOT}/openapi.json">openapi.json</a> describes all of it to programs.</p>'
        f"<table><tr><th>request<th>scope<th>answers</tr>{rows}</table>"
    )


def _table_row(endpoint: Endpoint) -> str:
    sent = f"<details><summary>body</summary><pre>{_body_fields(endpoint)}</pre></details>" if endpoint.body else ""
    return (
        f"<tr><td><code>{endpoint.method} {ROOT}{endpoint.path}</code>{sent}<td>{endpoint.scope.value}"
        f"<td>{escape(endpoint.means)}</tr>"
    )


def _body_fields(endpoint: Endpoint) -> str:
    assert endpoint.body is not None  # noqa: S101 - asked of those that have one
    schema = endpoint.body.model_json_schema()
    return escape(orjson.dumps(schema["properties"], option=orjson.OPT_INDENT_2).decode())
