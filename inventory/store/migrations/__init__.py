"""Migrations of the store, run by alembic on a connection that the store hands over."""
