"""Topic suggestions from any server that speaks OpenAI's chat completions: one question, one attempt, eight seconds."""

import asyncio
import json
from typing import Any

import openai

from conversations.content import Topic
from conversations.topic_request import SYSTEM, TopicFault, TopicRequest, question, read_topics

# Whoever waits for topics reads them after half a second more, from the server or from the bank (guarantees, L1).
DEADLINE_SECONDS = 8.0
# A chat completion with three topics has about 3 kB.
MOST_BYTES = 256 * 1024
# openai 3.x sends an Authorization header in any case; servers without keys ignore what it says.
NO_KEY = "none"


class OpenAITopics:
    """One server and model. `seconds`: the overall deadline, look-up, connection and answer together."""

    def __init__(self, base_url: str, model: str, key: str = "", seconds: float = DEADLINE_SECONDS) -> None:
        self._base_url = base_url
        self._model = model
        self._key = key or NO_KEY
        self._seconds = seconds

    async def suggest(self, request: TopicRequest) -> tuple[Topic, ...]:
        """Three topics. Raises TopicFault, whatever went wrong."""
        try:
            async with asyncio.timeout(self._seconds):
                return read_topics(_said(await self._answer(request)), request.given)
        except TopicFault:
            raise
        # The library raises pydantic's and Python's own errors too, and nothing of them may reach a log or a person.
        except Exception as fault:
            raise TopicFault(_kind(fault)) from None

    async def _answer(self, request: TopicRequest) -> bytes:
        """The body of the answer, as long as it is an answer: read by us, since the library trusts its shape."""
        # openai 3.x follows redirects and takes the key along, obeys proxies of the environment, and waits 600 s.
        http = openai.DefaultAsyncHttpxClient(follow_redirects=False, trust_env=False, timeout=self._seconds)
        async with openai.AsyncOpenAI(
            api_key=self._key, base_url=self._base_url, max_retries=0, timeout=self._seconds, http_client=http
        ) as client:
            # Set silently from the environment: they belong to other programs on this machine.
            client.organization = client.project = None
            messages: list[Any] = [
                {"role": "system", "content": SYSTEM},
                {"role": "user", "content": question(request)},
            ]
            chat = client.chat.completions.with_streaming_response
            async with chat.create(model=self._model, messages=messages) as response:
                body = b""
                async for part in response.iter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise TopicFault("too_long")
                return body


def _said(body: bytes) -> str:
    """What the model said, out of a chat completion."""
    try:
        message = json.loads(body)["choices"][0]["message"]
    except (ValueError, RecursionError):
        raise TopicFault("not_json") from None
    except (KeyError, IndexError, TypeError):
        raise TopicFault("wrong_shape") from None
    if not isinstance(message, dict):
        raise TopicFault("wrong_shape")
    if message.get("refusal"):
        raise TopicFault("refused")
    said = message.get("content")
    if not isinstance(said, str):
        raise TopicFault("empty" if said is None else "wrong_shape")
    return said


def _kind(fault: Exception) -> str:
    match fault:
        case TimeoutError() | openai.APITimeoutError():
            return "timeout"
        case openai.RateLimitError():
            return "limited"
        case openai.APIStatusError(status_code=status):
            return "redirect" if 300 <= status < 400 else "server_error" if status >= 500 else "rejected"
        case openai.APIConnectionError():
            return "unreachable"
        case _:
            return "failed"
