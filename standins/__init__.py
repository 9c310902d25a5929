"""Small servers that play the systems of others, for demonstration and tests; they import nothing of Kyufu."""
