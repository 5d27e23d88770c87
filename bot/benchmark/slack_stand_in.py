"""As much of Slack's Web API as a slash command needs, on a loopback port."""

from aiohttp import web

TEAM = "T0LARKSPUR"


class SlackStandIn:
    """Says who the bot is and who anybody is; takes every message."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", _answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()


async def _answer(request: web.Request) -> web.Response:
    method, asked = request.match_info["method"], {**request.query, **await request.post()}
    if method == "auth.test":
        return web.json_response({"ok": True, "team_id": TEAM, "user_id": "U0FLIPSIDE", "bot_id": "B0FLIPSIDE"})
    if method == "users.info":
        return web.json_response({"ok": True, "user": _user(str(asked.get("user", "")))})
    return web.json_response({"ok": True, "ts": "1.0", "channel": "D0"})


def _user(user: str) -> dict[str, object]:
    profile = {"real_name": f"Colleague {user}", "email": f"{user.lower()}@larkspur.example"}
    return {"id": user, "team_id": TEAM, "tz": "Europe/Berlin", "profile": profile}
