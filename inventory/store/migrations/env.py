"""Alembic's entry: run the migrations on the connection that `migrate_schema` put into the configuration."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
