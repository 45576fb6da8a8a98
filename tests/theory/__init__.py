"""Limits with known answers: the engine with all but one mechanism switched off."""
