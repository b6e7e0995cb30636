"""Many facts → what is known: clusters, reprints, holdings, conflicts, changes."""
