"""Units, roles, users, sign-in, stations and their keys."""
