"""The mouse over time: its columns, stages, drivers, snapshots and assays."""
