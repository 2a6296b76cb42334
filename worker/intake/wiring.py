"""Putting the intake together, for `python -m worker.intake` and for any other ASGI server:

uvicorn --factory worker.intake.wiring:create
"""

from starlette.applications import Starlette

from domain import logs
from domain.health import Health
from domain.services import make_services
from domain.settings import Settings
from domain.status_site import StatusSite
from migrations import tables_check, upgrade
from worker.intake.app import Intake, create_app


def create() -> Starlette:
    """The application as the environment describes it. Raises BadInput."""
    settings = Settings.from_environment()
    logs.configure(settings.log_level, settings.log_format, settings.secrets)
    services = make_services(settings)
    upgrade(services.database)
    return create_app(Intake(services), StatusSite(Health([tables_check(services.database)])))
