"""Which routers exist at which site: the whole list, one import and one line each."""

from fastapi import APIRouter

INNER: tuple[APIRouter, ...] = ()
