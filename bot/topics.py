"""Asks the topic server, if there is one: between a turn that wants topics and the step that shows them."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Protocol

from bot.clock import Clock, stopwatch
from bot.settings import Settings
from conversations.content import Content, Topic
from conversations.topic_request import TopicFault, TopicRequest
from conversations.topics import topic_request
from storage.database import Database

log = logging.getLogger("flipside.topics")

# A server that failed so often in a row is left alone for a while: nobody waits eight seconds for nothing.
FAILURES_THAT_OPEN = 3
LEFT_ALONE = timedelta(minutes=10)


class TopicSource(Protocol):
    """Where suggestions come from."""

    async def suggest(self, request: TopicRequest) -> Sequence[Topic]:
        """Three topics. Raises TopicFault."""
        ...


def source_of(settings: Settings) -> TopicSource | None:
    """The server of the settings; None, as it is without any, and every topic comes from the bank."""
    if settings.llm_base_url is None or settings.llm_model is None:
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else ""
    # Importing the library takes a second that nobody without a server should wait.
    source: TopicSource = import_module("adapters.openai_topics").OpenAITopics(
        settings.llm_base_url, settings.llm_model, key
    )
    return source


class TopicSuggestions:
    """Answers consultations about "topics". `failures` counts what went wrong, by kind."""

    def __init__(self, source: TopicSource, content: Content, clock: Clock) -> None:
        self.failures: Counter[str] = Counter()
        self._source = source
        self._content = content
        self._clock = clock
        self._in_a_row = 0
        self._again_at: datetime | None = None

    async def answer(self, database: Database, about: Mapping[str, Any]) -> Sequence[Topic] | None:
        """Three topics, or None: the step then takes them from the bank, and nobody hears of a fault."""
        taken = stopwatch()
        try:
            topics = await self._ask(database, about)
        except TopicFault as fault:
            self.failures[fault.kind] += 1
            log.warning("no suggestions ms=%.0f %s", taken(), fault.kind)
            return None
        log.info("suggestions ms=%.0f ok", taken())
        return topics

    async def _ask(self, database: Database, about: Mapping[str, Any]) -> Sequence[Topic]:
        if self._again_at is not None and self._clock.now() < self._again_at:
            raise TopicFault("paused")
        request = await database.read(lambda store: topic_request(store, self._content, about))
        if not request.themes:
            raise TopicFault("no_theme")
        try:
            topics = await self._source.suggest(request)
        except TopicFault:
            self._failed()
            raise
        self._in_a_row, self._again_at = 0, None
        return topics

    def _failed(self) -> None:
        self._in_a_row += 1
        if self._in_a_row >= FAILURES_THAT_OPEN:
            # Afterwards one more failure is enough, until a suggestion came through.
            self._again_at = self._clock.now() + LEFT_ALONE
