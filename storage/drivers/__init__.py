"""One driver per protocol behind the ObjectStore seam."""
