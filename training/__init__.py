"""Makes the weights that `ocr/weights` holds. Nothing of it is imported at run time."""
