"""個人基本: handing the resident register on to the systems that may have it, item by item."""
