"""How the installation is: database, queue, deliveries, trail, backup, disk, in figures."""

from fastapi import APIRouter, Request, Response

from web.asking import need
from web.render import render
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.keeping.queries.figures import figures

router = APIRouter()


@router.get("/system", dependencies=[need(Permission.METRICS_READ)])
def system(request: Request) -> Response:
    """The figures of this moment; programs ask ``/metrics`` for the same."""
    return render(request, "system/figures.html", figures=figures(settings()))
