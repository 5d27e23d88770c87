"""What `flipside doctor` says about Teams."""

from typing import Any

import pytest

from adapters.platform import Finding
from adapters.teams.check import check
from tests.support.teams_server import APP_ID, APP_PASSWORD, TENANT, Fault, TeamsStub


async def findings(stub: TeamsStub, password: str = APP_PASSWORD, **more: Any) -> dict[str, Finding]:
    urls = {"token_url": f"{stub.url}/token", "openid_metadata_url": f"{stub.url}/openid"}
    return {one.name: one for one in await check(APP_ID, password, [TENANT], **{**urls, **more})}


async def test_good_settings_are_ok(stub: TeamsStub) -> None:
    assert {one.level for one in (await findings(stub)).values()} == {"ok"}


async def test_a_wrong_password_is_a_fault_with_its_fix_and_without_the_secret(stub: TeamsStub) -> None:
    found = (await findings(stub, "wrong-secret"))["Teams app password"]
    assert found.level == "fault"
    assert "invalid_client" in found.message
    assert "FLIPSIDE_TEAMS_APP_PASSWORD" in found.fix
    assert "wrong-secret" not in f"{found}"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://nowhere.invalid/"])
async def test_servers_that_cannot_be_reached_are_faults(stub: TeamsStub, url: str) -> None:
    found = await findings(stub, token_url=url, openid_metadata_url=url)
    assert [one.level for one in found.values()] == ["fault", "fault"]
    assert "https" in found["Teams signing keys"].fix


async def test_a_proxy_that_answers_with_a_page_is_a_fault(stub: TeamsStub) -> None:
    page = "<html>Please log in</html>"
    stub.fail("token", Fault(200, body=page))
    stub.fail("keys", Fault(200, body=page))
    assert [one.level for one in (await findings(stub)).values()] == ["fault", "fault"]
