"""One service for all journeys of a worker; what a person changes on it, they put back or leave to nobody."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from _pytest.nodeid import NodeId
from playwright.sync_api import Page

from tests.fakes.mail_box import FakeMailbox, running_mailbox
from tests.journeys.cast import RITA, SAM, Cast
from tests.journeys.reading import DavUser
from tests.journeys.trouble import Shaky
from tests.support.ports import free_port
from tests.support.service import RunningService, running_service
from tests.support.strict import faults_of_mail
from tests.support.tools.faultproxy import FaultProxyThread


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the groups of ``xdist_group`` to the scheduler, which reads them from the ends of the ids.

    pytest-xdist 3.8 puts them where pytest 9.2 does not look any more; without them each worker would
    start services of its own.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        mark = item.get_closest_marker("xdist_group")
        if mark is not None and not item.nodeid.endswith(f"@{mark.args[0]}"):
            item._id = NodeId.parse(f"{item.nodeid}@{mark.args[0]}")


@pytest.fixture(scope="package")
def mailbox() -> Iterator[FakeMailbox]:
    """Where answers to the service's invitations come in."""
    with running_mailbox() as box:
        yield box


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory, mailbox: FakeMailbox) -> Iterator[RunningService]:
    """Everything, as ``make run`` starts it; calendars are read more often, so that nobody waits a minute."""
    folder, own = tmp_path_factory.mktemp("service"), {"SYNC_INTERVAL": "5", "IMAP_URL": mailbox.url}
    with running_service(folder, **own) as running:
        yield running
    check_mails(running)


def check_mails(service: RunningService) -> None:
    """Every mail that the service sent is as the standards want it."""
    mails = (service.data_dir / "mail").glob("*.eml")
    assert [fault for mail in mails for fault in faults_of_mail(mail.read_bytes())] == []


@pytest.fixture(scope="package")
def cast(service: RunningService) -> Cast:
    """The people at that service."""
    return Cast(service)


@pytest.fixture(scope="package")
def sam(service: RunningService) -> DavUser:
    """Sam with another calendar program."""
    return DavUser.of(service, "sam")


@pytest.fixture
def as_person(new_page: Callable[..., Page], cast: Cast) -> Callable[..., Page]:
    """Makes pages in which somebody is signed in: ``as_person(VERA, java_script_enabled=False)``."""

    def make(email: str, **options: Any) -> Page:
        page = new_page(**{"base_url": cast.service.url, **options})
        page.context.add_cookies(cast.cookies(email))
        return page

    return make


@pytest.fixture(scope="package")
def shaky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shaky]:
    """A second service for those who break things: Sam's and Rita's calendars are behind a proxy."""
    port = free_port()
    with FaultProxyThread(f"http://127.0.0.1:{port}") as proxy:
        environ = {
            "CALDAV_PORT": str(port),
            "CALDAV_ALLOWED_ORIGINS": f"http://127.0.0.1:{port},{proxy.url}",
            "CALENDAR_MAX_AGE": "60",
            "SYNC_INTERVAL": "3",
            "WEB_PROCESSES": "2",
        }
        with running_service(tmp_path_factory.mktemp("shaky"), **environ) as running:
            for name, address in (("sam", SAM), ("rita", RITA)):
                running.environ["CALDAV_PASSWORD"] = DavUser.of(running, name).password
                home = f"{proxy.url}/{name}/"
                running.flask("connect-calendar", address, home, name, "--bookings", "Calendar")
            yield Shaky(running, proxy)


@pytest.fixture(scope="package")
def people(shaky: Shaky) -> Cast:
    """The cast at the service that is in trouble."""
    return Cast(shaky.service)
