"""Tests are sentences; their folders mirror the package."""
