"""Calibration: the prior of the free parameters, restricted to the windows that may be fitted.

ABC-SMC on the mean-field model restricts the priors, small mice refine the result, and default mice
check one draw, whose numbers may become the defaults. The module `pipeline` runs the stages;
`gutexo.analysis.posterior` reads and writes draws of a posterior.
"""
