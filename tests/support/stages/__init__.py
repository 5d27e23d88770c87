"""Every platform with the same two people in front of it and a scripted bot behind it, for the contract tests.

A stage hides what a platform's test tools call things; it never hides what the platform does.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from tests.support.stages.letterbox import letterbox_stage
from tests.support.stages.script import ScriptedBot, ShownForm, Someone, Stage, Target
from tests.support.stages.slack import slack_stage
from tests.support.stages.teams import teams_stage
from tests.support.stages.web import web_stage

__all__ = ["STAGES", "ScriptedBot", "ShownForm", "Someone", "Stage", "Target"]

STAGES: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "slack": slack_stage,
    "teams": teams_stage,
    "web": web_stage,
    "letterbox": letterbox_stage,
}
