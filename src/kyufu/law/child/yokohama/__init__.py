"""Yokohama's child medical subsidy (横浜市小児医療費助成)."""
