"""Makes the weight files again from marked stories."""
