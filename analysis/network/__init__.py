"""What an organisation's network looks like: its numbers, its picture, and who is best as champion."""

from __future__ import annotations
