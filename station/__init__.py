"""The scan station: makes the manifest, checks the files, delivers them, and keeps the receipt. It deletes nothing."""
