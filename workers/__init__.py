"""The Celery application: takes a nudge, runs the job that it names; and the sweep."""
