"""Alembic migrations. Each keeps the release before it working while both run."""
