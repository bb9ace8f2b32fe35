"""The rulers: splits, metrics, intervals."""
