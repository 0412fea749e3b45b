"""Which routers exist at which site: the whole list, one import and one line each."""

from fastapi import APIRouter

from api.map import routes as map_routes

INNER: tuple[APIRouter, ...] = (map_routes.router,)
