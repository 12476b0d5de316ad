"""The organism in time: columns, stages, drivers, the mouse, its snapshots and assays."""
