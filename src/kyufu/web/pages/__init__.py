"""The screens, one module per subject; `urls.py` mounts them."""
