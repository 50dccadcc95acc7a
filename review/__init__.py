"""Acceptance: what is missing, who may sign, the sample, the minutes, and what people see of it."""
