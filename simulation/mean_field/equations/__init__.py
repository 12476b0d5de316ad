"""The deterministic mean-field mouse as equations: built once, integrated here, written as SBML."""
