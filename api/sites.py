"""Which routers exist at which site: the whole list, one import and one line each."""

from fastapi import APIRouter

from api.audit import routes as audit_routes
from api.catalogue import routes as catalogue_routes
from api.conflicts import routes as conflicts_routes
from api.exports import routes as exports_routes
from api.identity import own as own_routes
from api.identity import rights as rights_routes
from api.identity import routes as identity_routes
from api.jobs import routes as jobs_routes
from api.keeping import routes as keeping_routes
from api.map import routes as map_routes
from api.networks import batches as batches_routes
from api.networks import datasets as datasets_routes
from api.networks import routes as networks_routes
from api.notices import live as live_routes
from api.notices import routes as notices_routes
from api.workflow import routes as workflow_routes
from api.works import routes as works_routes

INNER: tuple[APIRouter, ...] = (
    map_routes.router,
    conflicts_routes.router,
    works_routes.router,
    catalogue_routes.router,
    workflow_routes.router,
    networks_routes.router,
    batches_routes.router,
    datasets_routes.router,
    audit_routes.router,
    jobs_routes.router,
    exports_routes.router,
    keeping_routes.router,
    own_routes.router,
    identity_routes.router,
    rights_routes.router,
    notices_routes.router,
    live_routes.router,
)
