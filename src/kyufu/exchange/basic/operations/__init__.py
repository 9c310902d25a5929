"""The writes of 個人基本: lists of items, and deliveries."""
