"""The rates of the municipalities' national health insurance: one TOML file each, named as the command names it."""
