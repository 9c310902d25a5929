"""The vault of individual numbers (個人番号), apart from everything else."""
