"""Slack's limits (docs.slack.dev, Block Kit reference)."""

import re

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_TITLE = 24  # title, submit and close label of a modal
HEADER = 150
PLAIN_TEXT = 2000  # labels and hints of an input, a context element, an image's alt text: 2000; a section: 3000
SECTION = 3000
ROW_BUTTONS = 25  # elements of an actions block
BUTTON_LABEL = 75
URL = 3000
OPTION_LABEL = 75
FEW_OPTIONS = 10  # radio buttons and checkboxes
MANY_OPTIONS = 100  # a select, or one option group; a select holds 100 groups
INPUT_TEXT = 3000  # max_length of a text input
FILE_NAME = 100  # also a title; Slack names no limit, and a phone shows less
# `text` of a message: 40,000 is the hard end, 4,000 is advised; chat.update refuses more than 4,000 (msg_too_long).
FALLBACK = 4000
# Undocumented: chat.postMessage refuses blocks with about 13,200 characters in all, and rich text already below
# 11,400 (msg_blocks_too_long; bolt-js issues 2509 and 2867).
MESSAGE_TEXT = 8000

# Controls, bidirectional overrides and lone surrogates: they show nothing and can turn round the words that follow.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def literal(text: str) -> str:
    """What somebody typed, without characters that show nothing but change how the rest is shown."""
    return _UNSEEN.sub("", text)
