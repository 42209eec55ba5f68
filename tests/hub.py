"""A hub of data sets on this machine: the endpoints that huggingface_hub calls to make a data set and to commit to it,
with the checks and the status codes of the real one."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import yaml
from aiohttp import web

WRITES, READS, OTHERS = "hf_writesWritesWrites", "hf_readsReadsReadsReads", "hf_notTheOwnersToken"


@dataclass
class DataSet:
    private: bool
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Hub:
    """`sets` by OWNER/NAME; `calls` are the paths that were called. `away`: it answers 503."""

    owner: str = "anna"
    url: str = ""
    sets: dict[str, DataSet] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    away: bool = False

    def check(self, request: web.Request, name: str = "") -> None:
        self.calls.append(f"{request.method} {request.path}")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.away:
            raise web.HTTPServiceUnavailable(text="{}")
        if token not in (WRITES, READS, OTHERS):
            raise _refused(web.HTTPUnauthorized, "Invalid username or password.")
        if request.method != "GET" and token != WRITES:
            raise _refused(web.HTTPForbidden, "This token may not write here.")
        if name and name not in self.sets:
            raise _refused(web.HTTPNotFound, "Repository not found", "RepoNotFound")

    async def create(self, request: web.Request) -> web.Response:
        self.check(request)
        asked = await request.json()
        owner, name = asked.get("organization"), f"{asked.get('organization')}/{asked['name']}"
        if owner != self.owner:
            raise _refused(web.HTTPForbidden, "You don't have the rights to create a dataset under this namespace")
        told = {"url": f"{self.url}/datasets/{name}", "name": name, "id": "1"}
        if name in self.sets:
            return web.json_response({**told, "error": "You already created this dataset repo"}, status=409)
        assert asked["type"] == "dataset"
        self.sets[name] = DataSet(asked["visibility"] == "private")
        return web.json_response(told)

    async def info(self, request: web.Request) -> web.Response:
        name = _name(request)
        self.check(request, name)
        return web.json_response({"id": name, "private": self.sets[name].private, "siblings": [], "tags": []})

    async def validate(self, request: web.Request) -> web.Response:
        self.check(request)
        head = (await request.json())["content"].split("---\n")[1]
        told = yaml.safe_load(head)
        errors = [] if isinstance(told, dict) and told["configs"] else [{"message": "configs"}]
        return web.json_response({"errors": errors, "warnings": []}, status=400 if errors else 200)

    async def preupload(self, request: web.Request) -> web.Response:
        """Text is committed as it is, Parquet by LFS, as .gitattributes has it there."""
        self.check(request, _name(request))
        asked = (await request.json())["files"]
        modes = [{"path": each["path"], "uploadMode": _mode(each["path"]), "shouldIgnore": False} for each in asked]
        return web.json_response({"files": modes})

    async def batch(self, request: web.Request) -> web.Response:
        self.check(request, f"{request.match_info['owner']}/{request.match_info['git'].removesuffix('.git')}")
        objects = [
            {**each, "actions": {"upload": {"href": f"{self.url}/blobs/{each['oid']}"}}}
            for each in (await request.json())["objects"]
        ]
        return web.json_response({"transfer": "basic", "objects": objects})

    async def blob(self, request: web.Request) -> web.Response:
        content = await request.read()
        assert hashlib.sha256(content).hexdigest() == request.match_info["oid"]
        self.blobs[request.match_info["oid"]] = content
        return web.Response()

    async def commit(self, request: web.Request) -> web.Response:
        name = _name(request)
        self.check(request, name)
        for line in (await request.text()).splitlines():
            told = json.loads(line)
            if told["key"] == "file":
                self.sets[name].files[told["value"]["path"]] = base64.b64decode(told["value"]["content"])
            if told["key"] == "lfsFile":
                self.sets[name].files[told["value"]["path"]] = self.blobs[told["value"]["oid"]]
        told = {"commitUrl": f"{self.url}/datasets/{name}/commit/1", "commitOid": "1" * 40}
        return web.json_response({"success": True, **told})


def _name(request: web.Request) -> str:
    return f"{request.match_info['owner']}/{request.match_info['name']}"


def _mode(path: str) -> str:
    return "lfs" if path.endswith(".parquet") else "regular"


def _refused(kind: type[web.HTTPException], message: str, code: str = "") -> web.HTTPException:
    headers = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {})}
    return kind(text=json.dumps({"error": message}), content_type="application/json", headers=headers)


@asynccontextmanager
async def served() -> AsyncIterator[Hub]:
    hub, app = Hub(), web.Application(client_max_size=1 << 26)
    app.router.add_post("/api/repos/create", hub.create)
    app.router.add_post("/api/validate-yaml", hub.validate)
    app.router.add_get("/api/datasets/{owner}/{name}", hub.info)
    app.router.add_post("/api/datasets/{owner}/{name}/preupload/main", hub.preupload)
    app.router.add_post("/api/datasets/{owner}/{name}/commit/main", hub.commit)
    app.router.add_post("/datasets/{owner}/{git}/info/lfs/objects/batch", hub.batch)
    app.router.add_put("/blobs/{oid}", hub.blob)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield hub
    finally:
        await runner.cleanup()
