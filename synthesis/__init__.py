"""Rendered office documents and text lines with their ground truth: for the demo, tests, benchmarks and training."""
