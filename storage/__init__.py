"""What is kept: records, objects, job leases, the access log."""
