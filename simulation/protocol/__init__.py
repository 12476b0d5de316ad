"""Protocols of simulated experiments: interventions, scenarios, studies."""
