"""Calibration: the prior of the free parameters, restricted to the windows that may be fitted.

The mean-field model evaluates parameter sets, which are weighted by how far their rows lie outside
the windows; mice then check sets near the centre, one of which may become the defaults. The module
`run` calls the steps, each of which is a module of its own; `gutexo.analysis.posterior` reads and
writes draws of a posterior.
"""
