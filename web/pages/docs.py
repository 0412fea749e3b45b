"""The programming interface, described on a page of our own: no script, nothing from other hosts."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from web.asking import need
from web.render import render
from xzgis.identity.permissions import Permission

router = APIRouter()
OPENAPI = "/api/openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/docs", dependencies=[need(Permission.CATALOGUE_READ)])
def described(request: Request) -> HTMLResponse:
    """Every route of the API with its parameters, bodies and answers, from its own OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                groups.setdefault(path.removeprefix("/api").split("/")[1], []).append(
                    _route(path, method, item[method])
                )
    return render(request, "shell/docs.html", groups=groups, where=OPENAPI, version=document["openapi"])


def _route(path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    body = said.get("requestBody", {}).get("content", {})
    return {
        "path": path,
        "method": method.upper(),
        "summary": said.get("summary", ""),
        "description": said.get("description", ""),
        "parameters": [
            (
                one["name"],
                one["in"],
                one.get("required", False),
                _type(one.get("schema", {})),
                one.get("description", ""),
            )
            for one in said.get("parameters", [])
        ],
        "bodies": [(kind, _type(content.get("schema", {}))) for kind, content in body.items()],
        "answers": [
            (status, answer.get("description", ""), ", ".join(answer.get("content", {})))
            for status, answer in said.get("responses", {}).items()
        ],
    }


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few letters."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", ""))
