"""Calibration: the prior of the free parameters, cut to the windows that may be fitted.

ABC-SMC on the mean-field twin narrows the priors, small mice refine, and default mice confirm one
draw, whose numbers may become the defaults. The module `run` goes through the stages; draws of a
posterior are read and written by `draws`.
"""
