"""What became of selected proposals: milestones and short updates, with the trace of every change."""
