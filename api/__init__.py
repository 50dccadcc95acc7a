"""The service's face: JSON routes and pages. Thin endpoints over the flow and over queries."""
