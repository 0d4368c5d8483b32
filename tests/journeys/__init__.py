"""Tests of the journeys."""
