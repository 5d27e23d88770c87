"""Microsoft's signing keys when their server cannot be had, as while a machine starts and has no names yet."""

from adapters.teams.keys import SigningKeys
from tests.support.teams_tokens import Signer


class KeyServer:
    """Fails while it is `down`; `asked` counts the fetches."""

    def __init__(self) -> None:
        self.down = False
        self.asked = 0
        self.signer = Signer("app")

    async def __call__(self, url: str) -> object:
        if not url.endswith("/openid"):
            return {"keys": self.signer.public_keys()}
        self.asked += 1
        if self.down:
            raise OSError("no such name")
        return {"jwks_uri": "https://keys.larkspur.example/keys"}


class Watch:
    """Seconds that pass when a test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def keys_of(server: KeyServer, watch: Watch) -> SigningKeys:
    return SigningKeys(server, "https://keys.larkspur.example/openid", watch)


async def test_a_bot_that_starts_before_the_network_lets_people_in_seconds_after_it_is_there() -> None:
    server, watch = KeyServer(), Watch()
    keys = keys_of(server, watch)
    server.down = True
    assert await keys.find("first") is None
    server.down = False
    watch.now += 1
    assert await keys.find("first") is None
    assert server.asked == 1
    watch.now += 5
    assert await keys.find("first")


async def test_a_rotation_during_an_outage_is_noticed_seconds_after_it() -> None:
    server, watch = KeyServer(), Watch()
    keys = keys_of(server, watch)
    assert await keys.find("first")
    server.signer.rotate("second")
    server.down = True
    watch.now += 301
    assert await keys.find("second") is None
    assert await keys.find("first")
    server.down = False
    watch.now += 6
    assert await keys.find("second")


async def test_made_up_keys_do_not_make_us_ask_again_and_again() -> None:
    server, watch = KeyServer(), Watch()
    keys = keys_of(server, watch)
    for _ in range(10):
        assert await keys.find("made up") is None
        watch.now += 29
    assert server.asked == 1
    watch.now += 11
    assert await keys.find("made up") is None
    assert server.asked == 2
