"""Synthetic worlds with planted truth, written to a spec of behaviours and not to any detector."""
