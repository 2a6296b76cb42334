"""Parting where help has failed: what the law asks of an exit, case by case."""
