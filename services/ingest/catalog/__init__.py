"""The catalog: one row an asset, on SQLite or Postgres."""
