"""Indices of the numbers in the arrays of the mean-field model."""

# Rows of the wall array, one column per segment.
JUNCTION, PORE, DAMAGE, MUCUS, DENSITY, PATHOBIONTS, SWALLOWED, LPS, TNF = range(9)
ACTIVATION, INFLAMING, CALMING, DISRUPTING, PROTECTING, OFFER, STOOD = range(9, 16)
WALL = 16
# Indices of the body array; the last six are the first of three each: liver, muscle and fat.
P_TNF, P_IL6, P_IL10, P_LPS, M_TNF, M_IL6, M_LPS, MATURED, SHARE = range(9)
FAST, SLOW, CAPACITY, LIPID, SUPPORT, SENSITIVITY = range(9, 27, 3)
BODY = 27
# Channels of packets: number, units on four axes; from OWN on one per kind of dose, in packets.
COUNT, BARRIER, INFLAMMATORY, INSULIN, PROTECTIVE, OWN = range(6)
