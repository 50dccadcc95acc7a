"""The search index on OpenSearch, for installations of several machines. The analysis is ours; no plugin is needed."""
