"""What is asked: interventions, scenarios, studies."""
