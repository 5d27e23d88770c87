"""The app package that an operator uploads, against the rules of manifest schema 1.19."""

import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.teams.manifest import teams_manifest, write_teams_package
from adapters.teams.pages import pages
from bot.routing import Router
from bot.web import serve
from conversations.flows import FLOWS
from tests.support.teams_server import APP_ID

URL = "https://mentor.larkspur.example"
GUID = r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"

# Of the schema: required properties, and the limits of what we use.
REQUIRED = ("manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor")
ALLOWED = {*REQUIRED, "$schema", "bots", "permissions", "validDomains", "defaultInstallScope"}
LONGEST = {
    ("name", "short"): 30,
    ("name", "full"): 100,
    ("description", "short"): 80,
    ("description", "full"): 4000,
    ("developer", "name"): 32,
    ("developer", "websiteUrl"): 2048,
    ("developer", "privacyUrl"): 2048,
    ("developer", "termsOfUseUrl"): 2048,
}
SCOPES = {"personal", "team", "groupChat"}


@pytest.fixture
def package(tmp_path: Path) -> zipfile.ZipFile:
    path = tmp_path / "flipside-teams.zip"
    write_teams_package(path, APP_ID, f"{URL}/")
    return zipfile.ZipFile(path)


@pytest.fixture
def manifest(package: zipfile.ZipFile) -> Any:
    return json.loads(package.read("manifest.json"))


def test_the_package_holds_the_manifest_and_two_icons_at_its_root(package: zipfile.ZipFile) -> None:
    assert sorted(package.namelist()) == ["color.png", "manifest.json", "outline.png"]


def test_the_manifest_keeps_to_the_schema(manifest: Any) -> None:
    assert all(name in manifest for name in REQUIRED)
    assert set(manifest) <= ALLOWED
    assert manifest["manifestVersion"] == "1.19"
    assert manifest["$schema"].endswith("/v1.19/MicrosoftTeams.schema.json")
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert re.fullmatch(GUID, manifest["id"])
    assert re.fullmatch(r"#[0-9A-F]{6}", manifest["accentColor"])
    assert manifest["defaultInstallScope"] == "personal"
    for (part, name), longest in LONGEST.items():
        assert 1 <= len(manifest[part][name]) <= longest, name


def test_every_address_is_https_and_on_our_own_server(manifest: Any) -> None:
    addresses = [manifest["developer"][name] for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl")]
    assert addresses == [URL, f"{URL}/privacy", f"{URL}/terms"]
    assert manifest["validDomains"] == ["mentor.larkspur.example"]


def test_the_bot_works_in_chats_teams_and_group_chats_and_lists_its_words(manifest: Any) -> None:
    (bot,) = manifest["bots"]
    assert bot["botId"] == APP_ID
    assert set(bot["scopes"]) == SCOPES
    assert len(bot["commandLists"]) <= 3
    listed = [scope for commands in bot["commandLists"] for scope in commands["scopes"]]
    assert sorted(listed) == sorted(SCOPES)
    for commands in bot["commandLists"]:
        assert 1 <= len(commands["commands"]) <= 10
        for command in commands["commands"]:
            assert 1 <= len(command["title"]) <= 32
            assert 1 <= len(command["description"]) <= 128


def test_the_icons_have_the_sizes_that_teams_wants(package: zipfile.ZipFile) -> None:
    assert _size(package.read("color.png")) == (192, 192)
    assert _size(package.read("outline.png")) == (32, 32)


def test_the_outline_is_white_on_nothing(package: zipfile.ZipFile) -> None:
    pixels = _pixels(package.read("outline.png"))
    assert any(alpha == 0 for *_, alpha in pixels)
    assert any(alpha == 255 for *_, alpha in pixels)
    assert all((red, green, blue) == (255, 255, 255) for red, green, blue, alpha in pixels if alpha > 8)


@pytest.mark.parametrize("url", ["http://mentor.larkspur.example", "mentor.larkspur.example", "", "https://"])
def test_an_address_without_https_is_refused_with_the_key(url: str) -> None:
    with pytest.raises(ValueError, match="FLIPSIDE_PUBLIC_URL must begin with https://"):
        teams_manifest(APP_ID, url)


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _pixels(png: bytes) -> list[tuple[int, int, int, int]]:
    """The pixels of an 8-bit RGBA image."""
    width, height = _size(png)
    assert png[24:26] == bytes((8, 6)), "8 bits, red green blue alpha"
    data, position = b"", 8
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        if kind == b"IDAT":
            data += png[position + 8 : position + 8 + length]
        position += 12 + length
    raw, stride, above = zlib.decompress(data), width * 4, bytes(width * 4)
    rows = b""
    for row in range(height):
        start = row * (stride + 1)
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above)
        rows += above
    return [tuple(rows[index : index + 4]) for index in range(0, len(rows), 4)]  # type: ignore[misc]


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    out = bytearray(line)
    for index in range(len(out)):
        left = out[index - 4] if index >= 4 else 0
        up, corner = above[index], above[index - 4] if index >= 4 else 0
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda value: abs(guess - value))
        out[index] = (out[index] + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return bytes(out)


async def test_the_privacy_page_leaves_to_the_bot_what_depends_on_the_company() -> None:
    """With a topic server something does leave the company, and only the bot knows whether there is one."""

    async def ready() -> bool:
        return True

    server = await serve(pages(), ready, "127.0.0.1", 0)
    try:
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{server.port}/privacy") as answer:
            page = await answer.text()
    finally:
        await server.close()
    assert "Write <b>privacy</b> to the bot" in page
    assert "Nothing leaves" not in page
    assert Router(FLOWS).words("privacy").action.name == "privacy.show"
