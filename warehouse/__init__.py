"""The store: one DuckDB file, its migrations and views, and the WARC archive of raw pages."""
