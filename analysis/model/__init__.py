"""A month of a person: its steps as the code has them, and their picture."""

from __future__ import annotations
