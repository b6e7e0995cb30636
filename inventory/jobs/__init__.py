"""Report jobs: a YAML file says what to read, what to show and what must hold; a run updates the store and writes the report."""
