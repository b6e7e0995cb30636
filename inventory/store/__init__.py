"""The desk's memory: documents, versioned facts, runs, issues, decisions; SQLAlchemy Core, SQLite or PostgreSQL."""
