"""Family of refusal → HTTP status, and one shape of answer: ``application/problem+json``.

A driver's own message never leaves the server; it goes to the log.
"""

from http import HTTPStatus
from typing import Any, cast

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.deps import language
from xzgis.core.errors import Fault, Invalid, NotAllowed, NotFound, Refusal, Unavailable, WrongState
from xzgis.core.mistakes import mistake
from xzgis.core.words import Language, Words

RETRY_AFTER_S = 2
CLIENT_LEFT = 499
"""Not a status of RFC 9110: how proxies note a request whose sender left before he had an answer."""
FAMILIES: dict[type[Refusal], tuple[int, str, Words]] = {
    Invalid: (422, "invalid", Words("内容有误", "The input is wrong")),
    NotFound: (404, "not-found", Words("没有找到", "Not found")),
    NotAllowed: (403, "not-allowed", Words("不允许", "Not allowed")),
    WrongState: (409, "wrong-state", Words("当前状态下不能这样做", "Not possible in the present state")),
    Unavailable: (503, "unavailable", Words("暂时不可用", "Unavailable for the moment")),
}
TITLES = {
    400: Words("请求有误", "Bad request"),
    401: Words("未登录", "Not signed in"),
    403: Words("不允许", "Not allowed"),
    404: Words("没有找到", "Not found"),
    405: Words("不支持该方法", "Method not allowed"),
    406: Words("无法给出该格式", "Not acceptable"),
    412: Words("已被他人修改", "Changed meanwhile"),
    413: Words("内容太大", "Body too large"),
    415: Words("不支持该内容类型", "Type of content not taken"),
    428: Words("缺少版本", "Version missing"),
}
STATUS_WORDS = {
    400: Words("请求无法理解。", "The request cannot be understood."),
    401: Words("请先登录，或随请求带上访问令牌。", "Sign in first, or send an access token."),
    403: Words("不允许这样做。", "This is not allowed."),
    404: Words("没有这个地址。", "There is nothing at this address."),
    405: Words("这个地址不支持该方法。", "This address does not take that method."),
    406: Words("无法给出所要求的格式。", "The format asked for cannot be given."),
    412: Words(
        "已被他人修改：请重新打开后再改。",
        "Somebody else changed it meanwhile: open it again, then change it.",
    ),
    428: Words("请求缺少 If-Match（读到的版本）。", "If-Match, the version that was read, is missing."),
    413: Words("内容太大。", "The body is too large."),
    415: Words("不支持这种内容类型。", "This type of content is not taken."),
}
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["loc", "msg"],
                "properties": {
                    "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                    "msg": {"type": "string"},
                    "remedy": {"type": ["string", "null"]},
                },
            },
        },
    },
}
_SHAPE = {"content": {"application/problem+json": {"schema": PROBLEM_SCHEMA}}}
# Every route may answer with these; ``create_app`` declares them once.
RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"description": text, **_SHAPE}
    for code, text in (
        (400, "Not understood"), (401, "Not signed in"), (403, "Not allowed"), (404, "Not found"), (409, "Wrong state"),
        (413, "Body too large"), (422, "Input wrong"), (503, "Unavailable for the moment"),
    )
}  # fmt: skip

log = structlog.get_logger()


def problem(
    status: int,
    *,
    kind: str,
    title: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """One answer in the shape of RFC 9457, with the places in the input that are wrong."""
    given = dict(headers or {})
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        given.setdefault("Retry-After", str(RETRY_AFTER_S))
    body = {
        "type": f"urn:xzgis:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return JSONResponse(body, status, headers=given, media_type="application/problem+json")


def speak_problems(app: FastAPI) -> None:
    """Put the handlers of every kind of error on ``app``."""
    for family, answer in (
        (Refusal, _refusal),
        (RequestValidationError, _validation),
        (HTTPException, _http),
        (OperationalError, _busy),
        (InterfaceError, _busy),
        (PoolTimeout, _busy),
        (DataError, _data),
        (IntegrityError, _integrity),
        (ClientDisconnect, _left),
        (Exception, _unforeseen),
    ):
        app.add_exception_handler(family, answer)


def _fault(fault: Fault, spoken: Language) -> dict[str, Any]:
    remedy = fault.remedy.spoken(spoken) if fault.remedy else None
    return {"loc": list(fault.loc), "msg": fault.words.spoken(spoken), "remedy": remedy}


def _of_family(
    family: type[Refusal], words: Words, request: Request, faults: tuple[Fault, ...] = ()
) -> JSONResponse:
    spoken = language(request)
    known = next((entry for entry in FAMILIES if issubclass(family, entry)), Invalid)
    status, kind, title = FAMILIES[known]
    return problem(
        status,
        kind=kind,
        title=title.spoken(spoken),
        detail=words.spoken(spoken),
        errors=[_fault(fault, spoken) for fault in faults],
    )


def _refusal(request: Request, error: Exception) -> JSONResponse:
    refusal = cast(Refusal, error)
    return _of_family(type(refusal), refusal.words, request, refusal.faults)


def _validation(request: Request, error: Exception) -> JSONResponse:
    spoken = language(request)
    detail = Words("请求中有不合要求的内容。", "Something in the request is not acceptable.")
    faults = [
        {"loc": list(fault["loc"]), "msg": mistake(fault).spoken(spoken), "remedy": None}
        for fault in cast(RequestValidationError, error).errors()
    ]
    status, kind, title = FAMILIES[Invalid]
    return problem(status, kind=kind, title=title.spoken(spoken), detail=detail.spoken(spoken), errors=faults)


def _http(request: Request, error: Exception) -> JSONResponse:
    known = cast(HTTPException, error)
    words = STATUS_WORDS.get(known.status_code, Words("请求未被接受。", "The request was not accepted."))
    return problem(
        known.status_code,
        kind=f"http-{known.status_code}",
        title=TITLES.get(known.status_code, Words("未被接受", "Not accepted")).spoken(language(request)),
        detail=words.spoken(language(request)),
        headers=dict(known.headers or {}),
    )


def _busy(request: Request, error: Exception) -> JSONResponse:
    log.warning("database_unavailable", path=request.url.path, error=str(error).split("\n", 1)[0])
    words = Words(
        "数据库正忙或正在恢复，请稍后再试。", "The database is busy or recovering; try again shortly."
    )
    return _of_family(Unavailable, words, request)


def _data(request: Request, error: Exception) -> JSONResponse:
    log.info("data_refused", path=request.url.path, error=str(error).split("\n", 1)[0])
    words = Words("某个值超出可存储的范围。", "A value is outside what can be stored.")
    return _of_family(Invalid, words, request)


def _integrity(request: Request, error: Exception) -> JSONResponse:
    log.info("conflict_refused", path=request.url.path, error=str(error).split("\n", 1)[0])
    words = Words(
        "与已有的记录冲突，未保存；请刷新后再试。",
        "This clashes with what is already there and was not saved; reload and try again.",
    )
    return _of_family(WrongState, words, request)


def _left(_request: Request, _error: Exception) -> Response:
    """Nobody reads this answer; it keeps one who closed his page from being counted as an error of the program."""
    return Response(status_code=CLIENT_LEFT)


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    log.error("unforeseen", path=request.url.path, error=type(error).__name__)
    spoken = language(request)
    number = structlog.contextvars.get_contextvars().get("request")
    return problem(
        500,
        headers={"X-Request-ID": number} if number else None,
        kind="unforeseen",
        title=Words("程序出错", "The program failed").spoken(spoken),
        detail=Words("程序出错，什么也没有改变；请告知管理员。",
                     "The program failed and nothing was changed; tell the administrator.").spoken(spoken),
    )  # fmt: skip
